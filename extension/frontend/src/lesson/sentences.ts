/** What a check and the receipts say. Pure. */

import type { IReceipt, ISubmission } from '../tokens';
import type { ITrans } from '../words';
import type { IVerdict, PromiseState, Ran } from './verdict';

export function promiseState(trans: ITrans, state: PromiseState): string {
  switch (state) {
    case 'kept':
      return trans.__('Kept');
    case 'broken':
      return trans.__('Not kept');
    case 'unclear':
      return trans.__('Could not run');
    case 'unseen':
      return trans.__('Tested when you submit');
  }
}

/** Why a run did not pass; `code` is a line of the test that says it best. */
export function reason(trans: ITrans, ran: Ran, seconds: number): { text: string; code: string } {
  const said = (text: string): { text: string; code: string } => ({ text, code: '' });
  switch (ran.end) {
    case 'error':
      return failure(trans, ran);
    case 'late':
      return said(
        trans.__(
          'It ran for more than %1 s and was stopped. Is there a loop that never ends?',
          seconds
        )
      );
    case 'stopped':
      return said(trans.__('Stopped before it was done.'));
    case 'dead':
      return said(
        trans.__(
          'The kernel died. Once it is back (menu Kernel), run the cells above and check again.'
        )
      );
    default:
      return said('');
  }
}

function failure(
  trans: ITrans,
  ran: Extract<Ran, { end: 'error' }>
): { text: string; code: string } {
  const { name, value, line } = ran;
  if (name === 'AssertionError') {
    return { text: value || (line ? '' : trans.__('The test failed.')), code: line };
  }
  if (name === 'NotImplementedError' && !value) {
    return { text: trans.__('There is no answer here yet.'), code: '' };
  }
  const text = [name, value].filter(Boolean).join(': ') || trans.__('It stopped with an error.');
  return {
    text: name === 'NameError' ? `${text}. ${trans.__('Did you run the cells above?')}` : text,
    code: ''
  };
}

/** One sentence for all of a check. */
export function summary(trans: ITrans, verdict: IVerdict): string {
  const { answer, kept, of } = verdict;
  if (answer.end === 'dead') {
    return trans.__('The kernel is gone, so nothing was checked.');
  }
  if (answer.end !== 'done') {
    return answer.end === 'stopped'
      ? trans.__('Stopped; the tests did not run.')
      : trans.__('Your cell did not run to its end, so the tests did not run.');
  }
  if (of === 0) {
    return trans.__('Your cell runs. Its tests run when you submit.');
  }
  return trans._n('%2 of %1 promise kept.', '%2 of %1 promises kept.', of, kept);
}

export interface IKeptReceipt {
  attempt: number;
  at: string;
  sha256: string;
}

/** Every receipt of a lesson, newest first; `latest` may not be among the attempts yet. */
export function receipts(
  attempts: readonly (ISubmission & { sha256?: string })[] | null,
  latest: IReceipt | null
): IKeptReceipt[] {
  const kept = (attempts ?? [])
    .filter(attempt => attempt.sha256)
    .map(({ attempt, received_at, sha256 }) => ({ attempt, at: received_at, sha256: sha256! }));
  if (latest && !kept.some(one => one.attempt === latest.attempt)) {
    kept.unshift({ attempt: latest.attempt, at: latest.received_at, sha256: latest.sha256 });
  }
  return kept;
}

export function attemptOf(trans: ITrans, attempt: number, allowed: number | null): string {
  return allowed === null
    ? trans.__('Attempt %1', attempt)
    : trans.__('Attempt %1 of %2', attempt, allowed);
}
