/** One question of a quiz: what is asked, the answer, and what became of it. */

import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import * as React from 'react';

import { ITrans } from '../words';
import { Markdown } from './markdown';
import { Ordering } from './ordering';
import { Answer, IItemResult, IQuestion } from './types';
import { pointsOf, SIGNS, verdict, verdictWord, worth } from './words';

interface IProps {
  question: IQuestion;
  number: number;
  answer: Answer;
  /** Null while the question is being answered. */
  result: IItemResult | null;
  /** Whether the answer cannot be changed now. */
  fixed: boolean;
  /** Whether the student wanted to submit without an answer to it. */
  missed: boolean;
  onAnswer: (answer: Answer) => void;
  rendermime: IRenderMimeRegistry;
  trans: ITrans;
}

export function Question(props: IProps): React.ReactElement {
  const { question, number, result, fixed, missed, rendermime, trans } = props;
  return (
    <fieldset
      className="jp-Coursewright-question"
      data-verdict={result ? verdict(result) : undefined}
      data-missed={missed || undefined}
      disabled={fixed}
    >
      <legend>
        <span className="jp-Coursewright-quizQuiet">
          {trans.__('Question %1', number)}
          {' · '}
          {worth(trans, question.points)}
        </span>
        <Markdown text={question.prompt} rendermime={rendermime} />
      </legend>
      {question.code && <pre className="jp-Coursewright-quizCode">{question.code}</pre>}
      {question.kind === 'ordering' ? (
        <Ordering {...props} />
      ) : question.options.length > 0 ? (
        <Options {...props} />
      ) : (
        <Written {...props} />
      )}
      {result && <Verdict question={question} result={result} rendermime={rendermime} trans={trans} />}
    </fieldset>
  );
}

function Options(props: IProps): React.ReactElement {
  const { question, answer, result, onAnswer, rendermime, trans } = props;
  const name = React.useId();
  const single = question.kind === 'single';
  const chosen = Array.isArray(answer) ? answer : [answer];
  const solution = Array.isArray(result?.solution) ? result.solution : [result?.solution];
  const toggle = (place: number): void => {
    const rest = chosen.filter((one): one is number => typeof one === 'number' && one !== place);
    onAnswer(single ? place : chosen.includes(place) ? rest : [...rest, place].sort((a, b) => a - b));
  };
  return (
    <>
      {!single && !result && (
        <p className="jp-Coursewright-quizQuiet">{trans.__('Choose all that fit.')}</p>
      )}
      {question.options.map((text, place) => {
        const reason = result?.reasons.find(one => one.option === place);
        return (
          <div key={place} className="jp-Coursewright-option">
            <label>
              <input
                type={single ? 'radio' : 'checkbox'}
                name={name}
                checked={chosen.includes(place)}
                onChange={() => toggle(place)}
              />
              <Markdown text={text} rendermime={rendermime} />
              {solution.includes(place) && (
                <strong className="jp-Coursewright-key">{trans.__('Right answer')}</strong>
              )}
            </label>
            {reason && (
              <div className="jp-Coursewright-reason">
                <Markdown text={reason.text} rendermime={rendermime} />
              </div>
            )}
          </div>
        );
      })}
    </>
  );
}

function Written(props: IProps): React.ReactElement {
  const { question, answer, onAnswer, trans } = props;
  const text = typeof answer === 'string' ? answer : '';
  if (question.kind === 'numeric' || question.kind === 'short-text') {
    const numeric = question.kind === 'numeric';
    return (
      <label className="jp-Coursewright-written">
        {numeric ? trans.__('Your answer, a number') : trans.__('Your answer')}
        <input
          type="text"
          inputMode={numeric ? 'decimal' : 'text'}
          autoCapitalize="off"
          autoComplete="off"
          spellCheck={false}
          maxLength={numeric ? 400 : 2000}
          value={text}
          onChange={event => onAnswer(event.target.value)}
        />
      </label>
    );
  }
  return (
    <label className="jp-Coursewright-written">
      {trans.__('What it prints')}
      <textarea
        rows={Math.min(12, Math.max(2, text.split('\n').length))}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        maxLength={10000}
        value={text}
        onChange={event => onAnswer(event.target.value)}
      />
    </label>
  );
}

function Verdict(props: {
  question: IQuestion;
  result: IItemResult;
  rendermime: IRenderMimeRegistry;
  trans: ITrans;
}): React.ReactElement {
  const { question, result, rendermime, trans } = props;
  const written = question.options.length === 0 && !result.right ? result.solution : null;
  return (
    <div className="jp-Coursewright-verdict">
      <p>
        <strong>
          <span className="jp-Coursewright-sign" aria-hidden="true">
            {SIGNS[verdict(result)]}
          </span>
          {verdictWord(trans, result)}
        </strong>
        {' · '}
        {pointsOf(trans, result.points, result.max_points)}
      </p>
      {typeof written === 'string' && (
        <p>
          {trans.__('Right answer')}
          <code className="jp-Coursewright-quizCode">{written}</code>
        </p>
      )}
      {result.explanation && <Markdown text={result.explanation} rendermime={rendermime} />}
    </div>
  );
}
