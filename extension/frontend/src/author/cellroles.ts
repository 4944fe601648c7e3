/**
 * The part a cell plays in a source notebook, by nbgrader's metadata (schema 3). Pure: what is
 * asked for comes out as changes, so that nothing else in the notebook is touched.
 */

import { Marked, marked } from '../flags.js';
import { hiddenLines, HIDDEN, SOLUTION, unwrapped, wrapped } from './markers.js';

export type Role = Marked | 'text' | 'example' | 'quiz';

/** What the toolbar offers: tests come as visible, hidden, or a part of each. */
export type Choice = Exclude<Role, 'tests'> | 'visible' | 'hidden' | 'mixed';

export type Facts = Readonly<Record<string, unknown>>;

export interface ISourceCell {
  readonly id: string;
  readonly kind: string;
  readonly source: string;
  readonly nbgrader: Facts | null;
  /** metadata.coursewright */
  readonly own: Facts | null;
}

/** What is to be written into a cell; null takes the metadata away. */
export interface IChange {
  readonly index: number;
  readonly source?: string;
  readonly nbgrader?: Facts | null;
  readonly own?: Facts | null;
}

interface IFlags {
  solution: boolean;
  grade: boolean;
  locked: boolean;
  task: boolean;
}

const FLAGS: Readonly<Partial<Record<Choice, IFlags>>> = {
  solution: { solution: true, grade: false, locked: false, task: false },
  visible: { solution: false, grade: true, locked: true, task: false },
  hidden: { solution: false, grade: true, locked: true, task: false },
  mixed: { solution: false, grade: true, locked: true, task: false },
  written: { solution: true, grade: true, locked: false, task: false },
  task: { solution: false, grade: false, locked: true, task: true },
  locked: { solution: false, grade: false, locked: true, task: false }
};
const STEMS: Readonly<Partial<Record<Choice, string>>> = { solution: 'exercise', locked: 'given' };
const GRADED: readonly Choice[] = ['visible', 'hidden', 'mixed', 'written', 'task'];
const FORBIDDEN = /[^A-Za-z0-9_-]+/g;

/** As Cell.role of records/course.py has it. */
export function roleOf(cell: ISourceCell): Role {
  if (cell.own && 'quiz' in cell.own) {
    return 'quiz';
  }
  return marked(cell.nbgrader ?? {}) ?? (cell.kind === 'code' ? 'example' : 'text');
}

export function choiceOf(cell: ISourceCell): Choice {
  const role = roleOf(cell);
  return role === 'tests' ? hiddenLines(cell.source) : role;
}

/** What nbgrader allows for this kind of cell. */
export function choices(cell: ISourceCell): Choice[] {
  const now = choiceOf(cell);
  const found: Choice[] =
    cell.kind === 'code'
      ? ['example', 'solution', 'visible', 'hidden', 'written', 'locked']
      : cell.kind === 'markdown'
        ? ['text', 'written', 'task', 'locked']
        : ['text', 'locked'];
  return found.includes(now) ? found : [now, ...found];
}

/** Whether points belong to the role. */
export function isGraded(choice: Choice): boolean {
  return GRADED.includes(choice);
}

export function gradeId(cell: ISourceCell): string {
  const found = cell.nbgrader?.grade_id;
  return typeof found === 'string' ? found : '';
}

/** The points; null where none are written down. */
export function points(cell: ISourceCell): number | null {
  const found = cell.nbgrader?.points;
  return typeof found === 'number' ? found : null;
}

export function title(cell: ISourceCell): string {
  return typeof cell.own?.title === 'string' ? cell.own.title : '';
}

/** The promises of a solution cell. */
export function sentences(cell: ISourceCell): string[] {
  return list(cell).filter((one): one is string => typeof one === 'string');
}

/** The numbers of the promises that a test cell tests. */
export function numbers(cell: ISourceCell): number[] {
  return list(cell).filter((one): one is number => typeof one === 'number');
}

/** The solution cell whose tests stand in the cell at `index`. */
export function owner(cells: readonly ISourceCell[], index: number): number {
  const named = cells[index].own?.exercise;
  if (typeof named === 'string') {
    return cells.findIndex(cell => roleOf(cell) === 'solution' && gradeId(cell) === named);
  }
  for (let at = index - 1; at >= 0; at--) {
    if (roleOf(cells[at]) === 'solution') {
      return at;
    }
  }
  return -1;
}

/** The cell at `index` in another role, with an id that no other cell has. */
export function withRole(
  cells: readonly ISourceCell[],
  index: number,
  choice: Choice
): IChange[] {
  const cell = cells[index];
  const flags = FLAGS[choice];
  const own = fitting(cell.own, choice);
  if (!flags) {
    return [{ index, nbgrader: null, own }];
  }
  const { points: worth, ...rest } = cell.nbgrader ?? {};
  const nbgrader: Record<string, unknown> = {
    ...rest,
    ...flags,
    grade_id: freeId(cells, index, choice),
    schema_version: 3
  };
  if (isGraded(choice)) {
    nbgrader.points = typeof worth === 'number' ? worth : 1;
  }
  const source = inRole(cell.source, choice);
  return [{ index, nbgrader, own, ...(source === cell.source ? {} : { source }) }];
}

export function withPoints(
  cells: readonly ISourceCell[],
  index: number,
  worth: number | null
): IChange[] {
  const { points: _, ...rest } = cells[index].nbgrader ?? {};
  return [{ index, nbgrader: worth === null ? rest : { ...rest, points: worth } }];
}

/** Another id; tests that name their solution by it follow. */
export function withId(cells: readonly ISourceCell[], index: number, id: string): IChange[] {
  const cell = cells[index];
  const before = gradeId(cell);
  const name = id.trim().replace(FORBIDDEN, '-');
  const changes: IChange[] = [{ index, nbgrader: { ...cell.nbgrader, grade_id: name } }];
  if (roleOf(cell) === 'solution' && before && name !== before) {
    cells.forEach((other, at) => {
      if (roleOf(other) === 'tests' && other.own?.exercise === before) {
        changes.push({ index: at, own: { ...other.own, exercise: name } });
      }
    });
  }
  return changes;
}

export function withTitle(
  cells: readonly ISourceCell[],
  index: number,
  text: string
): IChange[] {
  const { title: _, ...rest } = cells[index].own ?? {};
  return [{ index, own: present(text.trim() ? { ...rest, title: text.trim() } : rest) }];
}

/** The numbers of promises that a test cell tests. */
export function withNumbers(
  cells: readonly ISourceCell[],
  index: number,
  tested: readonly number[]
): IChange[] {
  const { promises: _, ...rest } = cells[index].own ?? {};
  const promises = [...new Set(tested)].sort((a, b) => a - b);
  return [{ index, own: present(promises.length ? { ...rest, promises } : rest) }];
}

/**
 * Other promises for a solution cell. Where some were taken out or put between, the numbers in its
 * tests follow the sentences.
 */
export function withSentences(
  cells: readonly ISourceCell[],
  index: number,
  promises: readonly string[]
): IChange[] {
  const cell = cells[index];
  const before = sentences(cell);
  const { promises: _, ...rest } = cell.own ?? {};
  const own = present(promises.length ? { ...rest, promises: [...promises] } : rest);
  const changes: IChange[] = [{ index, own }];
  if (promises.length === before.length) {
    return changes;
  }
  const moved = before.map(sentence => promises.indexOf(sentence) + 1);
  cells.forEach((test, at) => {
    if (roleOf(test) === 'tests' && owner(cells, at) === index) {
      const now = numbers(test)
        .map(number => moved[number - 1] ?? 0)
        .filter(number => number > 0);
      changes.push(...withNumbers(cells, at, now));
    }
  });
  return changes;
}

/** "1, 3" as numbers; null where something else stands there. */
export function parsed(text: string): number[] | null {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  return parts.every(part => /^[1-9]\d{0,2}$/.test(part)) ? parts.map(Number) : null;
}

function list(cell: ISourceCell): unknown[] {
  return Array.isArray(cell.own?.promises) ? cell.own.promises : [];
}

function freeId(cells: readonly ISourceCell[], index: number, choice: Choice): string {
  const taken = new Set(cells.filter((_, at) => at !== index).map(gradeId));
  const now = gradeId(cells[index]);
  if (now && !taken.has(now)) {
    return now;
  }
  const answer = owner(cells, index);
  const stem = isTest(choice)
    ? (answer >= 0 && gradeId(cells[answer])) || 'test'
    : (STEMS[choice] ?? choice);
  for (let number = 1; ; number++) {
    const name = `${stem}-${number}`;
    if (!taken.has(name)) {
      return name;
    }
  }
}

/** Only what the new role can have: sentences for a solution, numbers for tests. */
function fitting(own: Facts | null, choice: Choice): Facts | null {
  const { promises, exercise, ...rest } = own ?? {};
  const kept: Record<string, unknown> = { ...rest };
  const wanted = choice === 'solution' ? 'string' : isTest(choice) ? 'number' : null;
  if (Array.isArray(promises) && promises.every(one => typeof one === wanted)) {
    kept.promises = promises;
  }
  if (isTest(choice) && exercise !== undefined) {
    kept.exercise = exercise;
  }
  return present(kept);
}

function isTest(choice: Choice): boolean {
  return choice === 'visible' || choice === 'hidden' || choice === 'mixed';
}

function inRole(source: string, choice: Choice): string {
  switch (choice) {
    case 'hidden':
      return hiddenLines(source) === 'hidden'
        ? source
        : wrapped(unwrapped(source, HIDDEN), HIDDEN);
    case 'visible':
      return unwrapped(source, HIDDEN);
    case 'solution':
      return unwrapped(source, HIDDEN);
    default:
      return choice === 'mixed' ? source : unwrapped(unwrapped(source, HIDDEN), SOLUTION);
  }
}

function present(facts: Record<string, unknown>): Facts | null {
  return Object.keys(facts).length ? facts : null;
}
