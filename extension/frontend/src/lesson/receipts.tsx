/** The receipts of the open lesson, in the Courses panel. */

import { Clipboard } from '@jupyterlab/apputils';
import * as React from 'react';

import { IDesk } from '../desk';
import { ITrans } from '../words';
import { attemptOf, IKeptReceipt, receipts } from './sentences';

export function Receipts({ desk }: { desk: IDesk }): React.ReactElement | null {
  const { trans } = desk;
  const { attempts, receipt } = desk.lesson.state;
  const all = receipts(attempts, receipt);
  if (!all.length) {
    return null;
  }
  const allowed = allowedAttempts(desk);
  const newest = receipt && all[0]!.attempt === receipt.attempt ? all[0] : null;
  const rest = newest ? all.slice(1) : all;
  return (
    <div className="jp-Coursewright-receipts">
      {newest && (
        <div role="group" aria-label={trans.__('Receipt')}>
          <strong>{trans.__('Saved and handed in')}</strong>
          <Line receipt={newest} allowed={allowed} trans={trans} />
        </div>
      )}
      {rest.length > 0 && (
        <details>
          <summary>
            {newest
              ? trans._n('%1 earlier receipt', '%1 earlier receipts', rest.length)
              : trans._n('%1 receipt', '%1 receipts', rest.length)}
          </summary>
          <ul className="jp-Coursewright-list">
            {rest.map(one => (
              <li key={one.attempt}>
                <Line receipt={one} allowed={allowed} trans={trans} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function Line(props: {
  receipt: IKeptReceipt;
  allowed: number | null;
  trans: ITrans;
}): React.ReactElement {
  const { receipt, allowed, trans } = props;
  const [copied, setCopied] = React.useState(false);
  const copy = (): void => {
    Clipboard.copyToSystem(receipt.sha256);
    setCopied(true);
  };
  return (
    <div className="jp-Coursewright-row">
      <span>
        {attemptOf(trans, receipt.attempt, allowed)}
        {' · '}
        <time dateTime={receipt.at}>
          {new Date(receipt.at).toLocaleString(undefined, {
            dateStyle: 'medium',
            timeStyle: 'medium'
          })}
        </time>
        {' · '}
        <code title={receipt.sha256}>{receipt.sha256.slice(0, 8)}</code>
      </span>
      <button
        type="button"
        className="jp-Coursewright-plain"
        aria-label={trans.__('Copy the whole receipt of attempt %1', receipt.attempt)}
        onClick={copy}
      >
        <span role="status">{copied ? trans.__('Copied') : trans.__('Copy')}</span>
      </button>
    </div>
  );
}

/** How many attempts the open lesson allows; null: any number, or not known. */
export function allowedAttempts(desk: IDesk): number | null {
  const own = desk.lesson.state.notebook?.belonging;
  const { course } = desk.courses.state;
  if (!own || course?.key !== own.course) {
    return null;
  }
  const lessons = course.modules.flatMap(module => module.lessons);
  const lesson = lessons.find(({ key }) => key === own.lesson);
  return (lesson as { allowed?: number | null } | undefined)?.allowed ?? null;
}
