/** The open lesson: Submit, the receipt, the score of each exercise. */

import * as React from 'react';

import { LessonModel } from './lesson';
import { Bar, Loading, Prose, Trouble } from './parts';
import { ISubmission } from './tokens';
import { cellStatus, exercises, figure, IExerciseResult, ITrans, outcome, score } from './words';

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
      {receipt && (
        <p className="jp-Coursewright-quiet">
          {trans.__('Attempt %1 received, %2', receipt.attempt, time(receipt.received_at))}
          {' · '}
          <code title={receipt.sha256} aria-label={trans.__('Receipt %1', receipt.sha256)}>
            {receipt.sha256.slice(0, 8)}
          </code>
        </p>
      )}
      {step === 'waiting' && <Loading text={trans.__('Grading…')} />}
      {newest && newest.state !== 'received' && newest.state !== 'held' && (
        <Graded
          attempt={newest}
          trans={trans}
          dated={receipt?.id !== newest.id}
          address={feedbackAddress(newest.id)}
        />
      )}
      {newest?.state === 'received' && step === 'idle' && <p>{outcome(trans, newest)}</p>}
      {newest?.state === 'held' && <p>{outcome(trans, newest)}</p>}
      {attempts && attempts.length > 1 && <Earlier attempts={attempts.slice(1)} trans={trans} />}
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

function Earlier({ attempts, trans }: { attempts: ISubmission[]; trans: ITrans }): React.ReactElement {
  return (
    <details>
      <summary>{trans._n('%1 earlier attempt', '%1 earlier attempts', attempts.length)}</summary>
      <ul className="jp-Coursewright-list">
        {attempts.map(attempt => (
          <li key={attempt.id} className="jp-Coursewright-row">
            <span>{trans.__('Attempt %1, %2', attempt.attempt, time(attempt.received_at))}</span>
            <span className="jp-Coursewright-points">
              {attempt.points === null || attempt.max_points === null
                ? '–'
                : `${figure(attempt.points)} / ${figure(attempt.max_points)}`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** The time alone for today, else the day too. */
function time(iso: string): string {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(undefined, {
    dateStyle: today ? undefined : 'medium',
    timeStyle: 'short'
  });
}
