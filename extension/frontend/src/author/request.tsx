/** The form in which a course is asked for; it is looked at while one types. */

import * as React from 'react';

import { Trouble } from '../parts';
import { Problem } from '../request';
import { ITrans, levelWord } from '../words';
import { AuthorCalls } from './calls';
import { Button, Field } from './controls';
import * as form from './form';
import { asProblem } from './generation';
import { Material } from './material';
import { IChosenFile, MoreFields, NumberField, NumberFields } from './more';
import { IOptions } from './types';

const PAUSE = 400; // milliseconds after the last key before the service is asked

interface IProps {
  calls: AuthorCalls;
  options: IOptions;
  trans: ITrans;
  /** A key that was never used. */
  fresh: () => string;
  pick: () => Promise<IChosenFile[]>;
  ordered: (id: number) => void;
}

export function RequestForm(props: IProps): React.ReactElement {
  const { options, trans, pick } = props;
  const [values, setValues] = React.useState(() => form.empty(options));
  const [sources, setSources] = React.useState<Record<string, string>>({});
  const [tried, setTried] = React.useState(false);
  const [touched, setTouched] = React.useState<ReadonlySet<string>>(new Set());
  const set = (name: form.Field, text: string): void => {
    setValues({ ...values, [name]: text });
    setTouched(new Set([...touched, name]));
  };
  const found = useProblems(values, sources, props);
  const [sending, send, trouble] = useOrder(values, sources, props);
  const shown: form.Problems = Object.fromEntries(
    Object.entries(found).filter(([name]) => tried || touched.has(name) || name !== 'topic')
  );
  const blocked = Object.keys(found).length > 0;
  const order = (): void => {
    setTried(true);
    if (!blocked) {
      void send();
    }
  };
  return (
    <form
      className="jp-Coursewright-form"
      aria-label={trans.__('Request a course')}
      onSubmit={event => {
        event.preventDefault();
        order();
      }}
    >
      <Intro trans={trans} />
      <Subject values={values} set={set} problems={shown} options={options} trans={trans} />
      <Size values={values} set={set} problems={shown} trans={trans} />
      <Providers values={values} set={set} problems={shown} options={options} trans={trans} />
      <details>
        <summary>{trans.__('More')}</summary>
        <MoreFields values={values} set={set} problems={shown} trans={trans} />
        <Material
          sources={sources}
          change={setSources}
          problem={shown.sources}
          pick={pick}
          trans={trans}
        />
      </details>
      {shown.other && <p className="jp-Coursewright-wrong">{shown.other}</p>}
      {trouble && <Trouble problem={trouble} trans={trans} />}
      <Send
        act={order}
        sending={sending}
        wrong={tried ? Object.keys(found).length : 0}
        trans={trans}
      />
    </form>
  );
}

function Intro({ trans }: { trans: ITrans }): React.ReactElement {
  return (
    <>
      <h2>{trans.__('Request a course')}</h2>
      <p className="jp-Coursewright-quiet">
        {trans.__(
          'Every exercise is proven before you see it; what cannot be is left out and reported.'
        )}
      </p>
    </>
  );
}

function Send(props: {
  act: () => void;
  sending: boolean;
  /** How many fields are wrong, once somebody tried. */
  wrong: number;
  trans: ITrans;
}): React.ReactElement {
  const { act, sending, wrong, trans } = props;
  return (
    <div className="jp-Coursewright-buttons">
      <Button
        label={sending ? trans.__('Requesting…') : trans.__('Request the course')}
        act={act}
        accept
        off={sending || wrong > 0}
      />
      <span role="status" className="jp-Coursewright-quiet">
        {wrong > 0 ? trans._n('%1 field needs a look.', '%1 fields need a look.', wrong) : ''}
      </span>
    </div>
  );
}

export interface IPart {
  values: form.IForm;
  set: (name: form.Field, text: string) => void;
  problems: form.Problems;
  trans: ITrans;
}

function Subject(props: IPart & { options: IOptions }): React.ReactElement {
  const { values, set, problems, options, trans } = props;
  const topics = React.useId();
  return (
    <>
      <Field
        label={trans.__('Topic')}
        hint={trans.__('The bank knows the topics that are suggested; a model takes any.')}
        problem={problems.topic}
      >
        {names => (
          <>
            <input
              {...names}
              className="jp-mod-styled"
              list={topics}
              required
              value={values.topic}
              onChange={event => set('topic', event.target.value)}
            />
            <datalist id={topics}>
              {options.topics.map(topic => (
                <option key={topic} value={topic} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field
        label={trans.__('For whom')}
        hint={trans.__('For example: first-year biologists who have never programmed')}
        problem={problems.audience}
      >
        {names => (
          <input
            {...names}
            className="jp-mod-styled"
            value={values.audience}
            onChange={event => set('audience', event.target.value)}
          />
        )}
      </Field>
      <Tongue {...props} />
    </>
  );
}

/** The level and the language. */
function Tongue(props: IPart & { options: IOptions }): React.ReactElement {
  const { values, set, problems, options, trans } = props;
  return (
    <div className="jp-Coursewright-fields">
      <Field label={trans.__('Level')} problem={problems.level}>
        {names => (
          <select
            {...names}
            className="jp-mod-styled"
            value={values.level}
            onChange={event => set('level', event.target.value)}
          >
            {options.levels.map(level => (
              <option key={level} value={level}>
                {levelWord(trans, level)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field
        label={trans.__('Language')}
        hint={trans.__('A tag such as en or de')}
        problem={problems.language}
      >
        {names => (
          <input
            {...names}
            className="jp-mod-styled"
            value={values.language}
            onChange={event => set('language', event.target.value)}
          />
        )}
      </Field>
    </div>
  );
}

function Size(props: IPart): React.ReactElement {
  const { trans } = props;
  const fields: NumberField[] = [
    ['modules', trans.__('Modules')],
    ['lessons', trans.__('Lessons in each')],
    ['exercises', trans.__('Exercises in each lesson')],
    ['hours', trans.__('Hours in all')]
  ];
  return <NumberFields {...props} fields={fields} />;
}

function Providers(props: IPart & { options: IOptions }): React.ReactElement {
  const { values, set, problems, options, trans } = props;
  const name = React.useId();
  return (
    <fieldset className="jp-Coursewright-choice">
      <legend>{trans.__('Who makes it')}</legend>
      {options.providers.map(one => (
        <label key={one.name}>
          <input
            type="radio"
            name={name}
            value={one.name}
            checked={values.provider === one.name}
            disabled={!one.ready}
            onChange={() => set('provider', one.name)}
          />
          <span>
            {providerWord(trans, one.name)}
            {!one.ready && (
              <span className="jp-Coursewright-quiet">
                {' — '}
                {one.why || trans.__('not ready')}
              </span>
            )}
          </span>
        </label>
      ))}
      {problems.provider && <p className="jp-Coursewright-wrong">{problems.provider}</p>}
    </fieldset>
  );
}

/** What can be said here at once, and what the service says a moment after the last key. */
function useProblems(
  values: form.IForm,
  sources: Record<string, string>,
  { calls, trans }: IProps
): form.Problems {
  const [answer, setAnswer] = React.useState<form.Problems>({});
  const own = form.slips(values, trans);
  const wanted = JSON.stringify(form.order(values, sources));
  const clean = Object.keys(own).length === 0;
  React.useEffect(() => {
    let current = true;
    setAnswer({});
    const timer = window.setTimeout(() => {
      const order = JSON.parse(wanted) as ReturnType<typeof form.order>;
      calls.problems(order).then(
        found => current && setAnswer(form.placed(found, values)),
        // The order itself is looked at again, and its answer is shown.
        reason => console.warn('Coursewright: the request could not be looked at.', reason)
      );
    }, PAUSE);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [wanted, clean]);
  return { ...answer, ...own };
}

/** Sends the order; the same content keeps its key until an answer is known. */
function useOrder(
  values: form.IForm,
  sources: Record<string, string>,
  { calls, fresh, ordered }: IProps
): [boolean, () => Promise<void>, Problem | null] {
  const [sending, setSending] = React.useState(false);
  const [trouble, setTrouble] = React.useState<Problem | null>(null);
  const kept = React.useRef<{ mark: string; key: string } | null>(null);
  const send = async (): Promise<void> => {
    const order = form.order(values, sources);
    const mark = JSON.stringify(order);
    if (kept.current?.mark !== mark) {
      kept.current = { mark, key: fresh() };
    }
    setSending(true);
    setTrouble(null);
    try {
      const id = await calls.order(order, kept.current.key);
      kept.current = null;
      ordered(id);
    } catch (reason) {
      setTrouble(asProblem(reason));
    } finally {
      setSending(false);
    }
  };
  return [sending, send, trouble];
}

function providerWord(trans: ITrans, name: string): string {
  switch (name) {
    case 'bank':
      return trans.__('The bank: topics of Python, written by hand; free');
    case 'openai':
      return trans.__('The language model of this Coursewright');
    default:
      return name;
  }
}
