/** Which mark stands below which cell, and whether the answer is still the one marked. Pure. */

import type { CellStatus, ICellScore, ISubmission } from '../tokens';
import { exercises } from '../words.js';

/** What is known of a cell of the open notebook. */
export interface ICellFacts {
  id: string;
  gradeId: string | null;
  solution: boolean;
}

export interface IMark {
  /** The exercise that it is about: when its solution cell changes, the mark is of the past. */
  exercise: string;
  /** whole: the exercise's sum, below its answer; part: one test, below its cell. */
  kind: 'whole' | 'part';
  status: CellStatus;
  points: number;
  max_points: number;
  messages: string[];
}

export interface ICellJSON {
  id?: unknown;
  source?: unknown;
  metadata?: { nbgrader?: { grade_id?: unknown; solution?: unknown; grade?: unknown } };
}

/** The marks of an attempt by the id of the cell that each stands below. */
export function marksOf(cells: readonly ICellFacts[], attempt: ISubmission): Map<string, IMark> {
  const found = new Map<string, IMark>();
  const present = new Set(cells.map(cell => cell.gradeId));
  const scores = new Map(attempt.cells.map(score => [score.grade_id, score]));
  const wholes = new Map(exercises(attempt.cells).map(whole => [whole.key, whole]));
  for (const cell of cells) {
    const score = cell.gradeId === null ? undefined : scores.get(cell.gradeId);
    const whole = cell.gradeId === null ? undefined : wholes.get(cell.gradeId);
    if (score) {
      found.set(cell.id, part(score));
    } else if (whole && cell.solution) {
      // What a test cell says stands below that cell, unless it is not in this notebook.
      const unseen = attempt.cells.filter(
        one => (one.exercise ?? one.grade_id) === whole.key && !present.has(one.grade_id)
      );
      const messages = [...new Set(unseen.flatMap(said))];
      found.set(cell.id, { ...whole, exercise: whole.key, kind: 'whole', messages });
    }
  }
  return found;
}

/** By exercise: what its answer was when it was handed in. */
export function answersIn(cells: readonly ICellJSON[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const cell of cells) {
    const own = cell.metadata?.nbgrader;
    if (typeof own?.grade_id === 'string' && own.solution === true) {
      found.set(own.grade_id, text(cell.source));
    }
  }
  return found;
}

/** A notebook without what running it leaves behind, which is no difference between attempts. */
export function bare<T extends { cells: readonly object[] }>(notebook: T): T {
  const cells = notebook.cells.map(cell =>
    'outputs' in cell ? { ...cell, outputs: [], execution_count: null } : cell
  );
  return { ...notebook, cells };
}

/** The newest attempt that has marks to show. */
export function marked(attempts: readonly ISubmission[]): ISubmission | undefined {
  return attempts.find(attempt => attempt.state === 'graded');
}

function part(score: ICellScore): IMark {
  return {
    exercise: score.exercise ?? score.grade_id,
    kind: 'part',
    status: score.status,
    points: score.points,
    max_points: score.max_points,
    messages: said(score)
  };
}

function said(score: ICellScore): string[] {
  return score.status !== 'passed' && score.message ? [score.message] : [];
}

function text(source: unknown): string {
  return Array.isArray(source) ? source.join('') : String(source ?? '');
}
