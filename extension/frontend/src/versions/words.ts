/** What is said of a new version of a lesson. Pure. */

import type { ITrans } from '../words';
import type { ChangeKind, IChanges, IConflict, IMerged, IUndone } from './tokens';

/** "2 cells changed, 1 new": what is different, in the order of how much it matters. */
export function summary(trans: ITrans, changes: IChanges): string {
  const count = (kind: ChangeKind) => changes.cells.filter(cell => cell.kind === kind).length;
  return listed([
    [count('changed'), n => trans._n('%1 cell changed', '%1 cells changed', n)],
    [count('added'), n => trans._n('%1 new', '%1 new', n)],
    [count('removed'), n => trans._n('%1 taken out', '%1 taken out', n)],
    [count('moved'), n => trans._n('%1 moved', '%1 moved', n)]
  ]);
}

/** What was taken over. */
export function takenOver(trans: ITrans, merged: IMerged): string {
  const done = listed([
    [merged.updated.length, n => trans._n('%1 cell updated', '%1 cells updated', n)],
    [merged.added.length, n => trans._n('%1 added', '%1 added', n)],
    [merged.removed.length, n => trans._n('%1 taken out', '%1 taken out', n)]
  ]);
  const said = [
    trans.__('Your notebook has version %1 now: %2.', merged.to, done || trans.__('no cell differs')),
    trans.__('What you wrote is as it was.')
  ];
  if (merged.kept.length > 0) {
    said.push(
      trans._n(
        'The course took out %1 cell that you had changed; it stays as your own.',
        'The course took out %1 cells that you had changed; they stay as your own.',
        merged.kept.length
      )
    );
  }
  return said.join(' ');
}

export function undone(trans: ITrans, answer: IUndone): string {
  const back = trans.__('Your notebook is as it was before the update.');
  return answer.kept === null
    ? back
    : `${back} ${trans.__('What you wrote after the update is kept in %1.', answer.kept)}`;
}

/** Code beside code that does the same would run too, and undo it: this is only to be read. */
export function toRead(code: string, trans: ITrans): string {
  const longest = Math.max(0, ...(code.match(/`+/g) ?? []).map(ticks => ticks.length));
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${trans.__('The new version of the cell above:')}\n\n${fence}\n${code}\n${fence}`;
}

/** What a cell is called among others: how its text begins. */
export function beginning(conflict: IConflict): string {
  const first = conflict.mine.split('\n').find(line => line.trim()) ?? '';
  const bare = first.replace(/^[#\s]+/, '').trim();
  return bare.length > 60 ? `${bare.slice(0, 59)}…` : bare;
}

function listed(counts: [number, (n: number) => string][]): string {
  return counts
    .filter(([n]) => n > 0)
    .map(([n, say]) => say(n))
    .join(', ');
}
