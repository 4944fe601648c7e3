/** What is said about the safety of the work. Pure. */

import type { ITrans } from '../words';
import type { ICopy, ISafety, ISubmit } from './tokens';

/** safe: nothing to do; busy: in a moment; waits: later, by itself; trouble: a person must look. */
export type Level = 'safe' | 'busy' | 'waits' | 'trouble';

export interface ISummary {
  readonly level: Level;
  readonly text: string;
}

export function isWaiting(submit: ISubmit): boolean {
  return submit.receipt === null && submit.refused === null;
}

/** One line for the status bar; `told` is null when the student's own server does not answer. */
export function summary(trans: ITrans, told: ISafety | null): ISummary {
  if (!told) {
    return { level: 'trouble', text: trans.__('Your server does not answer') };
  }
  if (told.unsaved.length > 0) {
    const text = told.full
      ? trans.__('Storage is full: not saved here')
      : trans.__('Could not be saved here');
    return { level: 'trouble', text };
  }
  const refused = told.submits.filter(submit => submit.refused !== null).length;
  if (refused > 0) {
    const text = trans._n('%1 submit was refused', '%1 submits were refused', refused);
    return { level: 'trouble', text };
  }
  if (told.refused.length > 0) {
    return { level: 'trouble', text: trans.__('No copy could be made') };
  }
  if (told.full) {
    return { level: 'trouble', text: trans.__('Storage is full') };
  }
  return underWay(trans, told);
}

function underWay(trans: ITrans, told: ISafety): ISummary {
  const changes = told.copies.waiting.length;
  const submits = told.submits.filter(isWaiting).length;
  if (!told.online) {
    return { level: 'waits', text: trans.__('Offline: %1', waiting(trans, changes, submits)) };
  }
  if (submits > 0) {
    return { level: 'waits', text: waiting(trans, 0, submits) };
  }
  if (changes > 0) {
    return { level: 'busy', text: trans.__('Saving a copy…') };
  }
  return { level: 'safe', text: trans.__('All work is safe') };
}

function waiting(trans: ITrans, changes: number, submits: number): string {
  const said = [];
  if (changes > 0) {
    said.push(trans._n('%1 change', '%1 changes', changes));
  }
  if (submits > 0) {
    said.push(trans._n('%1 submit', '%1 submits', submits));
  }
  switch (said.length) {
    case 0:
      return trans.__('your work is saved here');
    case 1:
      return changes + submits === 1
        ? trans.__('%1 waits', said[0])
        : trans.__('%1 wait', said[0]);
    default:
      return trans.__('%1 and %2 wait', said[0], said[1]);
  }
}

/** What became of a submit that could not be sent at once. */
export function submitText(trans: ITrans, submit: ISubmit, all: number): string {
  const queued = time(submit.queued_at);
  if (submit.refused !== null) {
    return submit.refused;
  }
  if (submit.receipt) {
    return trans.__(
      'Queued at %1 and sent: attempt %2, received %3.',
      queued,
      submit.receipt.attempt,
      time(submit.receipt.received_at)
    );
  }
  return trans._n(
    'Queued at %2, will be sent when the service is back (%1 waiting).',
    'Queued at %2, will be sent when the service is back (%1 waiting).',
    all,
    queued
  );
}

export function restoredText(trans: ITrans, savedAt: string): string {
  return trans.__('Restored from the copy of %1: your file of this lesson was gone.', time(savedAt));
}

/** How a copy is called in a list. */
export function copyText(trans: ITrans, copy: ICopy): string {
  return trans.__('%1, %2', time(copy.saved_at), size(trans, copy.size));
}

export function size(trans: ITrans, bytes: number): string {
  return bytes < 1024 * 1024
    ? trans.__('%1 kB', Math.max(1, Math.round(bytes / 1024)))
    : trans.__('%1 MB', (bytes / 1024 / 1024).toFixed(1));
}

/** The time alone for today, else the day too. */
export function time(iso: string, now = new Date()): string {
  const at = new Date(iso);
  const today = at.toDateString() === now.toDateString();
  return at.toLocaleString(undefined, {
    dateStyle: today ? undefined : 'medium',
    timeStyle: 'short'
  });
}
