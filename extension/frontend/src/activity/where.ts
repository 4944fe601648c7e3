/** Where somebody is in a notebook, and when that is worth telling. Pure. */

/** Milliseconds between two tellings of being here. */
export const EVERY = 30_000;
/** Milliseconds after which somebody who touches nothing is no longer at work. */
export const IDLE = 180_000;

/** What nbgrader's metadata says of a cell. */
export interface IFlags {
  grade_id?: unknown;
  solution?: unknown;
  grade?: unknown;
}

/** The exercise that the cell at `index` is of: an answer, or the tests that follow it. */
export function exerciseAt(cells: readonly (IFlags | null)[], index: number): string | null {
  const own = cells[index];
  if (!own || typeof own.grade_id !== 'string') {
    return null;
  }
  if (own.solution) {
    // A written answer is marked by a person; it is no exercise of its own.
    return own.grade ? null : own.grade_id;
  }
  for (let at = index - 1; at >= 0; at--) {
    const before = cells[at];
    if (before?.solution) {
      return !before.grade && typeof before.grade_id === 'string' ? before.grade_id : null;
    }
  }
  return null;
}

export interface IMoment {
  now: number;
  /** When it was told last, and when the person did anything last. */
  told: number;
  touched: number;
  visible: boolean;
  /** Somebody moved to another lesson or exercise since it was told. */
  moved: boolean;
}

/** Whether being here is to be told now. */
export function isDue(at: IMoment): boolean {
  if (!at.visible || at.now - at.touched > IDLE) {
    return false;
  }
  return at.moved || at.now - at.told >= EVERY;
}
