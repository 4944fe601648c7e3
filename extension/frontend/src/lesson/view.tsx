/** What stands below an exercise: the result of its check, promise by promise, and its hints. */

import { MimeModel } from '@jupyterlab/rendermime';
import { ReactWidget } from '@jupyterlab/ui-components';
import { PanelLayout, Widget } from '@lumino/widgets';
import * as React from 'react';

import { Loading, Prose } from '../parts';
import { ITrans } from '../words';
import { IExercise } from './exercises';
import { next } from './hints';
import { promiseState, reason, summary } from './sentences';
import { IPromiseResult, Ran } from './verdict';
import { Check, IHints, LessonWork } from './work';

const MARKS = { kept: '✓', broken: '✗', unclear: '!', unseen: '…' };

/** Keeps a region below each exercise that has something to show, also when cells move. */
export function keepRegions(work: LessonWork): void {
  const regions = new Map<string, Widget>();
  const place = (key: string): void => {
    const exercise = work.exercise(key);
    const host = work.panel.content.widgets.find(cell => cell.model.id === exercise?.last);
    const region = regions.get(key);
    if (host && region?.parent !== host) {
      region?.dispose();
      const fresh = new Region(work, key);
      regions.set(key, fresh);
      void host.ready.then(() => {
        if (host.isDisposed || fresh.isDisposed) {
          fresh.dispose();
        } else {
          (host.layout as PanelLayout).addWidget(fresh);
        }
      });
    }
  };
  const all = (): void => work.shown().forEach(place);
  work.changed.connect((_, key) => {
    if (work.shown().includes(key)) {
      place(key);
    }
  });
  work.panel.model?.cells.changed.connect(() => queueMicrotask(all));
  all();
}

class Region extends ReactWidget {
  constructor(
    private readonly _work: LessonWork,
    private readonly _key: string
  ) {
    super();
    this.addClass('jp-Coursewright-below');
    // The keys that are the notebook's elsewhere in a cell work the buttons here.
    this.node.setAttribute('data-lm-suppress-shortcuts', 'true');
    _work.changed.connect(this._look, this);
    _work.panel.model?.contentChanged.connect(this.update, this);
  }

  override dispose(): void {
    this._work.changed.disconnect(this._look, this);
    this._work.panel.model?.contentChanged.disconnect(this.update, this);
    super.dispose();
  }

  protected render(): React.ReactElement | null {
    const exercise = this._work.exercise(this._key);
    return exercise ? <Below work={this._work} exercise={exercise} /> : null;
  }

  private _look(_: LessonWork, key: string): void {
    if (key === this._key) {
      this.update();
    }
  }
}

function Below({ work, exercise }: { work: LessonWork; exercise: IExercise }): React.ReactElement {
  const { trans } = work.desk;
  const { check, hints, asked, trouble } = work.part(exercise.key);
  const box = React.useRef<HTMLDivElement>(null);
  const settled = (): void => {
    if (check || asked || trouble) {
      box.current?.scrollIntoView({ block: 'nearest' });
    }
  };
  React.useEffect(settled, [check, asked && hints?.given.length, trouble]);
  return (
    <div ref={box}>
      {check && (
        <section
          className="jp-Coursewright-check"
          aria-label={trans.__('Check of “%1”', exercise.title)}
        >
          <Checked work={work} exercise={exercise} check={check} />
        </section>
      )}
      {(asked || trouble || Boolean(hints?.given.length)) && (
        <section
          className="jp-Coursewright-hints"
          aria-label={trans.__('Hints to “%1”', exercise.title)}
        >
          {(hints || !trouble) && <Hints work={work} exercise={exercise} hints={hints} open={asked} settled={settled} />}
          {trouble && (
            <p className="jp-Coursewright-trouble" role="alert">
              {trouble}
            </p>
          )}
        </section>
      )}
    </div>
  );
}

function Checked(props: {
  work: LessonWork;
  exercise: IExercise;
  check: Check;
}): React.ReactElement {
  const { work, exercise, check } = props;
  const { trans } = work.desk;
  if (check.step !== 'done') {
    return (
      <div className="jp-Coursewright-row">
        <Loading
          text={
            check.step === 'waiting'
              ? trans.__('Waiting for the kernel…')
              : trans.__('Running the tests…')
          }
        />
        <button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => work.stop?.abort()}
        >
          {trans.__('Stop')}
        </button>
      </div>
    );
  }
  const { verdict, seconds } = check;
  const common = shared(verdict.results, ran => reason(trans, ran, seconds).text);
  const close = (): void => {
    work.panel.content.node.focus();
    work.show(exercise.key, { check: null });
  };
  return (
    <>
      <div className="jp-Coursewright-row">
        <strong>{summary(trans, verdict)}</strong>
        <button
          type="button"
          className="jp-Coursewright-plain"
          aria-label={trans.__('Close the check of “%1”', exercise.title)}
          onClick={close}
        >
          {trans.__('Close')}
        </button>
      </div>
      {check.source !== exercise.source && (
        <p className="jp-Coursewright-stale">
          {trans.__('You changed your answer since. Check again to see where it stands.')}
        </p>
      )}
      <Why ran={common ?? verdict.answer} seconds={seconds} trans={trans} />
      <ul className="jp-Coursewright-promises">
        {verdict.results.map(result => (
          <Promised
            key={result.number}
            result={common ? { ...result, ran: null } : result}
            seconds={seconds}
            trans={trans}
          />
        ))}
      </ul>
      <p className="jp-Coursewright-quiet">
        {trans.__(
          'Only the tests that you can see ran, in your own kernel. When you submit, more tests count.'
        )}
      </p>
    </>
  );
}

/** The run that speaks for all, where none passed and each says the same. */
function shared(results: IPromiseResult[], say: (ran: Ran) => string): Ran | null {
  const runs = results.map(result => result.ran);
  const first = runs[0];
  const same = runs.every(ran => ran?.end === 'error' && say(ran) === (first && say(first)));
  return runs.length > 1 && first && say(first) && same ? first : null;
}

function Promised(props: {
  result: IPromiseResult;
  seconds: number;
  trans: ITrans;
}): React.ReactElement {
  const { result, seconds, trans } = props;
  const { text, number, state, ran } = result;
  return (
    <li data-state={state}>
      <span className="jp-Coursewright-promiseSign" aria-hidden="true">
        {MARKS[state]}
      </span>
      <div>
        <span className="jp-Coursewright-state">{promiseState(trans, state)}</span>{' '}
        <Prose text={text || trans.__('Test %1', number)} />
        {ran && <Why ran={ran} seconds={seconds} trans={trans} />}
      </div>
    </li>
  );
}

function Why(props: { ran: Ran; seconds: number; trans: ITrans }): React.ReactElement | null {
  const { text, code } = reason(props.trans, props.ran, props.seconds);
  if (!text && !code) {
    return null;
  }
  return (
    <p className="jp-Coursewright-why">
      {text}
      {text && code ? ' ' : ''}
      {code && <code>{code}</code>}
    </p>
  );
}

function Hints(props: {
  work: LessonWork;
  exercise: IExercise;
  hints: IHints | null;
  open: boolean;
  settled: () => void;
}): React.ReactElement {
  const { work, exercise, hints, open, settled } = props;
  const { trans } = work.desk;
  if (!hints) {
    return <Loading text={trans.__('Asking for a hint…')} />;
  }
  const { tiers, given } = hints;
  if (tiers === 0) {
    return <p className="jp-Coursewright-quiet">{trans.__('This exercise has no hints.')}</p>;
  }
  return (
    <details open={open}>
      <summary>{trans._n('%2 of %1 hint', '%2 of %1 hints', tiers, given.length)}</summary>
      <ol>
        {given.map((text, index) => (
          <li key={index}>
            <span className="jp-Coursewright-state">
              {trans.__('Hint %1 of %2', index + 1, tiers)}
            </span>
            <Markdown work={work} text={text} settled={settled} />
          </li>
        ))}
      </ol>
      {given.length < tiers && (
        <button
          type="button"
          className="jp-Coursewright-plain"
          onClick={() => void next(work, exercise)}
        >
          {trans.__('Next hint')}
        </button>
      )}
    </details>
  );
}

/** Rendered as JupyterLab renders what it does not trust. */
function Markdown(props: {
  work: LessonWork;
  text: string;
  settled: () => void;
}): React.ReactElement {
  const { work, text, settled } = props;
  const box = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    const host = box.current;
    const type = 'text/markdown';
    const renderer = work.panel.content.rendermime.createRenderer(type);
    const model = new MimeModel({ data: { [type]: text }, trusted: false });
    void renderer.renderModel(model).then(() => {
      if (host?.isConnected && !renderer.isDisposed) {
        Widget.attach(renderer, host);
        settled();
      }
    });
    return () => {
      if (host?.isConnected && renderer.isAttached) {
        Widget.detach(renderer);
      }
      renderer.dispose();
    };
  }, [text]);
  return <div ref={box} />;
}
