/** The attempts at the open lesson: when, what they earned, and what changed between two. */

import * as React from 'react';

import { Problem } from './request';
import { Trouble } from './parts';
import { ISubmission } from './tokens';
import { attemptState, ITrans, time } from './words';

interface IProps {
  /** Newest first. */
  attempts: ISubmission[];
  trans: ITrans;
  feedbackAddress: (submission: number) => string;
  /** null while differences cannot be shown. */
  compare: ((later: ISubmission, earlier: ISubmission) => Promise<void>) | null;
}

export function History(props: IProps): React.ReactElement {
  const { attempts, trans, feedbackAddress, compare } = props;
  const [problem, setProblem] = React.useState<Problem | null>(null);
  const show = (later: ISubmission, earlier: ISubmission): void => {
    setProblem(null);
    compare?.(later, earlier).catch((reason: unknown) => {
      setProblem(reason instanceof Problem ? reason : new Problem(String(reason), -1));
    });
  };
  return (
    <details>
      <summary>{trans._n('%1 attempt', '%1 attempts', attempts.length)}</summary>
      {problem && <Trouble problem={problem} trans={trans} />}
      <ul className="jp-Coursewright-list">
        {attempts.map((attempt, place) => (
          <Attempt
            key={attempt.id}
            attempt={attempt}
            trans={trans}
            address={attempt.state === 'graded' ? feedbackAddress(attempt.id) : null}
            compare={
              compare && place + 1 < attempts.length
                ? () => show(attempt, attempts[place + 1])
                : null
            }
          />
        ))}
      </ul>
    </details>
  );
}

function Attempt(props: {
  attempt: ISubmission;
  trans: ITrans;
  address: string | null;
  compare: (() => void) | null;
}): React.ReactElement {
  const { attempt, trans, address, compare } = props;
  const { late } = attempt;
  return (
    <li className="jp-Coursewright-attempt">
      <div className="jp-Coursewright-row">
        <span>{trans.__('Attempt %1, %2', attempt.attempt, time(attempt.received_at))}</span>
        <span className="jp-Coursewright-points">{attemptState(trans, attempt)}</span>
      </div>
      {late && <p className="jp-Coursewright-quiet">{late.sentence}</p>}
      {(address || compare) && (
        <div className="jp-Coursewright-attemptActs">
          {address && (
            <a
              className="jp-Coursewright-link"
              href={address}
              target="_blank"
              rel="noopener noreferrer"
              aria-label={trans.__('Feedback on attempt %1 (opens a new tab)', attempt.attempt)}
            >
              {trans.__('Feedback')}
            </a>
          )}
          {compare && (
            <button
              type="button"
              className="jp-Coursewright-back"
              aria-label={trans.__(
                'What changed from attempt %1 to attempt %2',
                attempt.attempt - 1,
                attempt.attempt
              )}
              onClick={compare}
            >
              {trans.__('What changed')}
            </button>
          )}
        </div>
      )}
    </li>
  );
}
