/** The entries of an ordering as they stand now. Pure. */

import type { Answer } from './types';

/** By place among what is shown; as they came, until somebody moved one. */
export function arranged(answer: Answer, entries: number): number[] {
  const given = Array.isArray(answer) && answer.length === entries ? answer : null;
  return given ? [...given] : Array.from({ length: entries }, (_, place) => place);
}

/** With the entry `at` one further up or down. */
export function moved(places: readonly number[], at: number, step: -1 | 1): number[] {
  const next = [...places];
  [next[at], next[at + step]] = [next[at + step], next[at]];
  return next;
}
