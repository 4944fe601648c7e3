/** A question whose entries are put in order, by buttons that a keyboard reaches too. */

import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import * as React from 'react';

import { ITrans } from '../words';
import { Markdown } from './markdown';
import { arranged, moved } from './order';
import { Answer, IItemResult, IQuestion } from './types';

interface IProps {
  question: IQuestion;
  answer: Answer;
  result: IItemResult | null;
  onAnswer: (answer: Answer) => void;
  rendermime: IRenderMimeRegistry;
  trans: ITrans;
}

export function Ordering(props: IProps): React.ReactElement {
  const { question, answer, result, onAnswer, rendermime, trans } = props;
  const [said, say] = React.useState('');
  const places = arranged(answer, question.options.length);
  const solution = result && !result.right && Array.isArray(result.solution) ? result.solution : null;
  const move = (at: number, step: -1 | 1): void => {
    const next = moved(places, at, step);
    onAnswer(next);
    say(trans.__('Place %1 of %2', next.indexOf(places[at]) + 1, places.length));
  };
  return (
    <>
      {!result && (
        <p className="jp-Coursewright-quizQuiet">{trans.__('Put these in order.')}</p>
      )}
      <ol className="jp-Coursewright-order">
        {places.map((place, at) => (
          // By its place, so that a button keeps the focus when its entry moves.
          <li key={place}>
            <Markdown text={question.options[place]} rendermime={rendermime} />
            {!result && (
              <span className="jp-Coursewright-moves">
                <Move label={trans.__('Up')} name={question.options[place]} off={at === 0} onMove={() => move(at, -1)} />
                <Move
                  label={trans.__('Down')}
                  name={question.options[place]}
                  off={at === places.length - 1}
                  onMove={() => move(at, 1)}
                />
              </span>
            )}
          </li>
        ))}
      </ol>
      {solution && (
        <>
          <p className="jp-Coursewright-quizQuiet">{trans.__('The right order')}</p>
          <ol className="jp-Coursewright-order">
            {solution.map(place => (
              <li key={place}>
                <Markdown text={question.options[place]} rendermime={rendermime} />
              </li>
            ))}
          </ol>
        </>
      )}
      <div className="jp-Coursewright-spoken" role="status">
        {said}
      </div>
    </>
  );
}

function Move(props: {
  label: string;
  name: string;
  off: boolean;
  onMove: () => void;
}): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-mod-styled jp-mod-reject"
      aria-label={`${props.label}: ${props.name}`}
      aria-disabled={props.off}
      onClick={() => {
        if (!props.off) {
          props.onMove();
        }
      }}
    >
      {props.label}
    </button>
  );
}
