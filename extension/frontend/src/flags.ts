/** What nbgrader's flags make of a cell, as Cell.role of records/course.py has it. Pure. */

export type Marked = 'solution' | 'tests' | 'written' | 'task' | 'locked';

/** metadata.nbgrader, schema 3. */
export interface IGraderFlags {
  readonly grade_id?: unknown;
  readonly grade?: unknown;
  readonly solution?: unknown;
  readonly locked?: unknown;
  readonly task?: unknown;
}

/** The part that the flags give a cell; null where they give it none. */
export function marked(flags: IGraderFlags): Marked | null {
  if (flags.task) {
    return 'task';
  }
  if (flags.grade) {
    return flags.solution ? 'written' : 'tests';
  }
  if (flags.solution) {
    return 'solution';
  }
  return flags.locked ? 'locked' : null;
}
