/** What the runs of an exercise's visible tests say about its promises. Pure. */

import type { IExercise } from './exercises';

/** How a piece of code ended in the student's kernel. */
export type Ran =
  | { end: 'done' }
  | { end: 'error'; name: string; value: string; line: string }
  | { end: 'late' }
  | { end: 'stopped' }
  | { end: 'dead' }
  | { end: 'skipped' };

export type PromiseState = 'kept' | 'broken' | 'unclear' | 'unseen';

export interface IPromiseResult {
  /** The sentence; empty for a test that stands for no promise. */
  text: string;
  number: number;
  state: PromiseState;
  /** What ended the run, when it did not pass. */
  ran: Ran | null;
}

export interface IVerdict {
  /** How the student's own cell ended. */
  answer: Ran;
  results: IPromiseResult[];
  kept: number;
  /** Of those that a visible test speaks of. */
  of: number;
}

/** `tests` has one end for each test of the exercise, in its order. */
export function judge(exercise: IExercise, answer: Ran, tests: readonly Ran[]): IVerdict {
  const items = exercise.promises.length
    ? exercise.promises.map((text, index) => ({ text, number: index + 1 }))
    : exercise.tests.map((_, index) => ({ text: '', number: index + 1 }));
  const results = items.map(({ text, number }) => {
    const speaking = exercise.tests
      .map((test, index) => ({ test, ran: tests[index] ?? { end: 'skipped' as const } }))
      .filter(({ test }, index) =>
        exercise.promises.length ? test.promises.includes(number) : index + 1 === number
      )
      .filter(({ test }) => hasCode(test.source));
    return { text, number, ...settled(speaking.map(({ ran }) => ran)) };
  });
  const seen = results.filter(result => result.state !== 'unseen');
  const kept = seen.filter(result => result.state === 'kept').length;
  return { answer, results, kept, of: seen.length };
}

function settled(runs: readonly Ran[]): { state: PromiseState; ran: Ran | null } {
  if (!runs.length) {
    return { state: 'unseen', ran: null };
  }
  const broken = runs.find(isBroken);
  const other = runs.find(ran => ran.end !== 'done');
  return broken
    ? { state: 'broken', ran: broken }
    : other
      ? { state: 'unclear', ran: other }
      : { state: 'kept', ran: null };
}

function isBroken(ran: Ran): boolean {
  return ran.end === 'error' && ran.name === 'AssertionError';
}

/** A cell whose tests are all hidden has nothing, or comments alone, for the student. */
export function hasCode(source: string): boolean {
  return source.split('\n').some(line => line.trim() && !/^\s*(#(?!!)|\/\/|--|;)/.test(line));
}

/** The line of the cell itself that a traceback points at; empty when it points at none. */
export function failingLine(traceback: readonly string[]): string {
  // eslint-disable-next-line no-control-regex
  const plain = traceback.map(part => part.replace(/\u001b\[[0-9;]*m/g, ''));
  for (const part of plain) {
    const arrow = /^-+> ?\d+ ?(.*)$/m.exec(part);
    if (arrow) {
      return arrow[1]!.trim();
    }
  }
  return '';
}
