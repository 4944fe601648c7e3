/**
 * The exercises of a lesson, read off its cells as records/course.py reads them: a solution cell and
 * the test cells that mark it. Pure.
 */

import { IGraderFlags, Marked, marked } from '../flags.js';

export interface ICellFacts {
  id: string;
  type: string;
  source: string;
  metadata: Readonly<Record<string, unknown>>;
}

export type Role = Marked | 'other';

export interface ITest {
  /** The id of its cell. */
  cell: string;
  source: string;
  /** The numbers, from 1, of the promises that it tests. */
  promises: number[];
}

export interface IExercise {
  key: string;
  title: string;
  promises: string[];
  /** The id of the cell that the student answers in. */
  cell: string;
  source: string;
  /** Answered in words: there is nothing to run. */
  written: boolean;
  tests: ITest[];
  /** The id of the cell that what is said about the exercise stands below. */
  last: string;
}

interface IOwn {
  title?: unknown;
  promises?: unknown;
  exercise?: unknown;
}

/** The part that a cell plays; nbgrader's flags decide. */
export function role(cell: ICellFacts): Role {
  return marked(grader(cell)) ?? 'other';
}

/** Whether the text of the cell is the course's and not the student's. */
export function isLocked(cell: ICellFacts): boolean {
  return ['tests', 'task', 'locked'].includes(role(cell));
}

/** Whether the lesson needs the cell. */
export function isKept(cell: ICellFacts): boolean {
  return role(cell) !== 'other';
}

export function exercises(cells: readonly ICellFacts[]): IExercise[] {
  const found = new Map<string, IExercise>();
  let latest: string | null = null;
  for (const cell of cells) {
    const part = role(cell);
    const key = grader(cell).grade_id;
    if ((part === 'solution' || part === 'written') && typeof key === 'string') {
      found.set(key, begun(cell, key, part === 'written'));
      latest = part === 'solution' ? key : latest;
    } else if (part === 'tests' && cell.type === 'code') {
      const owner = own(cell).exercise ?? latest;
      const exercise = typeof owner === 'string' ? found.get(owner) : undefined;
      exercise?.tests.push({ cell: cell.id, source: cell.source, promises: numbers(cell) });
      if (exercise) {
        exercise.last = cell.id;
      }
    }
  }
  return [...found.values()];
}

/**
 * The exercise that is meant when the cell at `index` is selected: its own; that which a statement
 * introduces; else the one above, and the first of the lesson when there is none above.
 */
export function exerciseAt(cells: readonly ICellFacts[], index: number): IExercise | null {
  const all = exercises(cells);
  const selected = cells[index];
  const direct = all.find(
    one => one.cell === selected?.id || one.tests.some(test => test.cell === selected?.id)
  );
  if (direct || !selected) {
    return direct ?? null;
  }
  const at = (one: IExercise): number => cells.findIndex(cell => cell.id === one.cell);
  const below = all.find(one => at(one) > index);
  const above = [...all].reverse().find(one => at(one) < index);
  const introduces = role(selected) === 'locked' && selected.type !== 'code';
  return (introduces ? below ?? above : above ?? below) ?? null;
}

function begun(cell: ICellFacts, key: string, written: boolean): IExercise {
  const { title, promises } = own(cell);
  return {
    key,
    title: typeof title === 'string' && title ? title : key,
    promises: Array.isArray(promises) ? promises.map(String) : [],
    cell: cell.id,
    source: cell.source,
    written,
    tests: [],
    last: cell.id
  };
}

function numbers(cell: ICellFacts): number[] {
  const { promises } = own(cell);
  return Array.isArray(promises) ? promises.filter(one => typeof one === 'number') : [];
}

function grader(cell: ICellFacts): IGraderFlags {
  return (cell.metadata['nbgrader'] ?? {}) as IGraderFlags;
}

function own(cell: ICellFacts): IOwn {
  return (cell.metadata['coursewright'] ?? {}) as IOwn;
}
