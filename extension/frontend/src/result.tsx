/** The open lesson: Submit, the receipt, the score of each exercise. */

import * as React from 'react';

import { History } from './history';
import { LessonModel } from './lesson';
import { Bar, Loading, Prose, Trouble } from './parts';
import { ISubmission } from './tokens';
import { cellStatus, exercises, IExerciseResult, ITrans, outcome, score, time } from './words';

interface IProps {
  model: LessonModel;
  trans: ITrans;
  title: string;
  /** Said when the course has a newer version of this lesson than the notebook. */
  newer: boolean;
  feedbackAddress: (submission: number) => string;
  /** What other plugins show for the open lesson. */
  more: React.ReactNode;
}

export function Result(props: IProps): React.ReactElement | null {
  const { model, trans, title, newer, feedbackAddress, more } = props;
  const { notebook, step, problem, receipt, attempts } = model.state;
  if (!notebook) {
    return null;
  }
  const newest = attempts?.[0];
  const handingIn = step === 'saving' || step === 'sending';
  return (
    <section className="jp-Coursewright-result" aria-label={trans.__('Open lesson: %1', title)}>
      <div className="jp-Coursewright-row">
        <div>
          <span className="jp-Coursewright-quiet">{trans.__('Open lesson')}</span>
          <h3>{title}</h3>
        </div>
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          aria-disabled={handingIn}
          onClick={() => void model.submit()}
        >
          {handingIn ? trans.__('Submitting…') : trans.__('Submit')}
        </button>
      </div>
      {more}
      {newer && (
        <p className="jp-Coursewright-quiet">
          {trans.__('A newer version of this lesson was published. Your copy stays as it is.')}
        </p>
      )}
      {problem && <Trouble problem={problem} trans={trans} again={() => void model.submit()} />}
      {step === 'waiting' && <Loading text={trans.__('Grading…')} />}
      {newest && (newest.state === 'graded' || newest.state === 'failed') && (
        <Graded
          attempt={newest}
          trans={trans}
          dated={receipt?.id !== newest.id}
          address={feedbackAddress(newest.id)}
        />
      )}
      {newest?.state === 'received' && step === 'idle' && <p>{outcome(trans, newest)}</p>}
      {newest?.state === 'held' && <p>{outcome(trans, newest)}</p>}
      {attempts && attempts.length > 0 && (
        <History
          attempts={attempts}
          trans={trans}
          feedbackAddress={feedbackAddress}
          compare={model.compare}
        />
      )}
      {attempts && !newest && step === 'idle' && (
        <p className="jp-Coursewright-quiet">
          {trans.__('Not handed in yet. You may submit as often as you like.')}
        </p>
      )}
    </section>
  );
}

function Graded(props: {
  attempt: ISubmission;
  trans: ITrans;
  /** Whether to say which attempt it is; the receipt above may have said so. */
  dated: boolean;
  address: string;
}): React.ReactElement {
  const { attempt, trans, dated, address } = props;
  const points = attempt.points ?? 0;
  const most = attempt.max_points ?? 0;
  if (attempt.state === 'failed') {
    return (
      <div className="jp-Coursewright-trouble">
        <p>
          {trans.__(
            'Attempt %1 could not be graded. It is kept, and your instructor can see it. You may submit again.',
            attempt.attempt
          )}
        </p>
      </div>
    );
  }
  return (
    <>
      <p className="jp-Coursewright-score">
        <strong>{trans.__('%1 points', score(trans, points, most))}</strong>
        {dated && (
          <span className="jp-Coursewright-quiet">
            {trans.__('Attempt %1, %2', attempt.attempt, time(attempt.received_at))}
          </span>
        )}
      </p>
      <Bar value={points} of={most} label={trans.__('Points of this attempt')} />
      {attempt.late && (
        <p className="jp-Coursewright-quiet">
          {attempt.late.sentence}
          {attempt.raw_points != null &&
            ` · ${trans.__('%1 before that', score(trans, attempt.raw_points, most))}`}
        </p>
      )}
      <ul className="jp-Coursewright-list">
        {exercises(attempt.cells).map(result => (
          <Exercise key={result.key} result={result} trans={trans} />
        ))}
      </ul>
      <a className="jp-Coursewright-link" href={address} target="_blank" rel="noopener noreferrer">
        {trans.__('Feedback page (opens a new tab)')}
      </a>
    </>
  );
}

function Exercise({ result, trans }: { result: IExerciseResult; trans: ITrans }): React.ReactElement {
  return (
    <li className="jp-Coursewright-exercise" data-status={result.status}>
      <div className="jp-Coursewright-row">
        <span>{result.title}</span>
        <span className="jp-Coursewright-points">
          {score(trans, result.points, result.max_points)}
        </span>
      </div>
      <span className="jp-Coursewright-status">{cellStatus(trans, result.status)}</span>
      {result.messages.map((message, index) => (
        <p key={index} className="jp-Coursewright-message">
          <Prose text={message} />
        </p>
      ))}
    </li>
  );
}
