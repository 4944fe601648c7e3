/** What the panel says about states and points, and in which order it lists. Pure. */

import type {
  CellStatus,
  IBelonging,
  ICellScore,
  ICourse,
  ICourseCard,
  ISubmission
} from './tokens';

/** The part of JupyterLab's TranslationBundle that is used here. */
export interface ITrans {
  __(text: string, ...args: unknown[]): string;
  _n(one: string, many: string, n: number, ...args: unknown[]): string;
}

/** 2 and 2.5 rather than 2.00 and 2.4999. */
export function figure(points: number): string {
  return String(Math.round(points * 100) / 100);
}

export function score(trans: ITrans, points: number, of: number): string {
  return trans.__('%1 of %2', figure(points), figure(of));
}

export function cellStatus(trans: ITrans, status: CellStatus): string {
  switch (status) {
    case 'passed':
      return trans.__('Passed');
    case 'partial':
      return trans.__('Partly right');
    case 'manual':
      return trans.__('Waits for a person');
    case 'error':
      return trans.__('Stopped with an error');
    case 'timeout':
      return trans.__('Ran out of time');
    default:
      return trans.__('Not yet right');
  }
}

export interface IExerciseResult {
  key: string;
  title: string;
  points: number;
  max_points: number;
  status: CellStatus;
  messages: string[];
}

/** One result per exercise: its test cells together, in the order of the notebook. */
export function exercises(cells: ICellScore[]): IExerciseResult[] {
  const found = new Map<string, IExerciseResult>();
  for (const cell of cells) {
    const key = cell.exercise ?? cell.grade_id;
    let result = found.get(key);
    if (!result) {
      const { title, status } = cell;
      result = { key, title: title || key, points: 0, max_points: 0, status, messages: [] };
      found.set(key, result);
    }
    result.points += cell.points;
    result.max_points += cell.max_points;
    result.status = together(result.status, cell.status);
    if (cell.status !== 'passed' && cell.message && !result.messages.includes(cell.message)) {
      result.messages.push(cell.message);
    }
  }
  return [...found.values()];
}

function together(one: CellStatus, other: CellStatus): CellStatus {
  if (one === other) {
    return one;
  }
  for (const status of ['timeout', 'error', 'manual'] as const) {
    if (one === status || other === status) {
      return status;
    }
  }
  return 'partial';
}

/** Courses that match what was typed: the student's own first, each group by title. */
export function listed(courses: ICourseCard[], search: string): ICourseCard[] {
  const words = search.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const text = (card: ICourseCard) =>
    `${card.title} ${card.summary} ${card.level}`.toLocaleLowerCase();
  return courses
    .filter(card => words.every(word => text(card).includes(word)))
    .sort(
      (a, b) =>
        Number(b.role !== null) - Number(a.role !== null) || a.title.localeCompare(b.title)
    );
}

export interface IProgress {
  graded: number;
  lessons: number;
  points: number;
  max_points: number;
}

export function progress(course: ICourse): IProgress {
  const lessons = course.modules.flatMap(module => module.lessons);
  return {
    graded: lessons.filter(lesson => lesson.state === 'graded').length,
    lessons: lessons.length,
    points: lessons.reduce((sum, lesson) => sum + (lesson.score ?? 0), 0),
    max_points: lessons.reduce((sum, lesson) => sum + lesson.points, 0)
  };
}

/** What is read aloud when the state of the newest attempt changed. */
export function outcome(trans: ITrans, submission: ISubmission): string {
  if (submission.state === 'failed') {
    return trans.__('Attempt %1 could not be graded.', submission.attempt);
  }
  if (submission.state === 'received') {
    return trans.__('Attempt %1 is waiting to be graded.', submission.attempt);
  }
  if (submission.state === 'held') {
    return trans.__('Attempt %1 is graded, not released yet.', submission.attempt);
  }
  const points = score(trans, submission.points ?? 0, submission.max_points ?? 0);
  return trans.__('Attempt %1: %2 points.', submission.attempt, points);
}

/** The lesson that notebook metadata names, if it names one. */
export function belonging(metadata: unknown): IBelonging | null {
  const own = metadata as Partial<IBelonging> | null | undefined;
  if (!own || typeof own.course !== 'string' || typeof own.lesson !== 'string') {
    return null;
  }
  const version = typeof own.version === 'number' ? own.version : null;
  return { course: own.course, lesson: own.lesson, version };
}

/** Seconds until the next look at a score: each wait half as long again, up to 30 s. */
export function nextWait(seconds: number): number {
  return Math.min(seconds * 1.5, 30);
}

/** What became of one attempt, in few words. */
export function attemptState(trans: ITrans, attempt: ISubmission): string {
  switch (attempt.state) {
    case 'received':
      return trans.__('Waiting to be graded');
    case 'failed':
      return trans.__('Not graded');
    case 'held':
      return trans.__('Graded, not released yet');
    case 'graded':
      return score(trans, attempt.points ?? 0, attempt.max_points ?? 0);
  }
}

/** The time alone for today, else the day too. */
export function time(iso: string): string {
  const at = new Date(iso);
  const today = at.toDateString() === new Date().toDateString();
  return at.toLocaleString(undefined, {
    dateStyle: today ? undefined : 'medium',
    timeStyle: 'short'
  });
}

/** How demanding a course is, as LEVELS of records/course.py has it. */
export function levelWord(trans: ITrans, name: string): string {
  switch (name) {
    case 'beginner':
      return trans.__('Beginner');
    case 'intermediate':
      return trans.__('Intermediate');
    case 'advanced':
      return trans.__('Advanced');
    default:
      return name;
  }
}
