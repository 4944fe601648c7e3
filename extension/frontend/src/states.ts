/** Where a lesson stands, from what the service and the student's files say. Pure. */

import type { ILesson } from './tokens';
import { figure, ITrans, score } from './words.js';

export type Standing = 'new' | 'work' | 'submitted' | 'graded' | 'held' | 'failed';

export function standing(lesson: ILesson): Standing {
  return lesson.state === 'new' && lesson.local.exists ? 'work' : lesson.state;
}

/** Whether a newer version of this very lesson was published than the student has. */
export function isOutdated({ changed_in, local }: ILesson): boolean {
  return local.version !== null && changed_in !== undefined && changed_in > local.version;
}

export function standingWords(trans: ITrans, lesson: ILesson): string {
  switch (standing(lesson)) {
    case 'new':
      return trans.__('Not opened');
    case 'work':
      return trans.__('In work');
    case 'submitted':
      return trans.__('Submitted');
    case 'held':
      return trans.__('Graded, not released yet');
    case 'failed':
      return trans.__('Not graded');
    case 'graded':
      return lesson.score === null || lesson.max_score === null
        ? trans.__('Graded')
        : trans.__('Graded %1', score(trans, lesson.score, lesson.max_score));
  }
}

/** How much there is to do, and how often it may be handed in. */
export function size(trans: ITrans, lesson: ILesson): string {
  const said = [];
  if (lesson.minutes > 0) {
    said.push(trans.__('%1 min', lesson.minutes));
  }
  if (lesson.points > 0 && lesson.state !== 'graded') {
    said.push(trans._n('%1 point', '%1 points', lesson.points, figure(lesson.points)));
  }
  if (lesson.allowed !== null) {
    said.push(trans.__('attempt %1 of %2', lesson.attempts, lesson.allowed));
  }
  return said.join(' · ');
}

const UNITS = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60]
] as const;

/** How long until then, in whole units and one of them, as people say it: "in 3 days". */
export function fromNow(iso: string, now: number, locale?: string): string {
  const seconds = (Date.parse(iso) - now) / 1000;
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'always' });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) {
      return format.format(Math.trunc(seconds / size), unit);
    }
  }
  return format.format(Math.trunc(seconds), 'second');
}

export type Urgency = 'past' | 'soon' | 'later';

/** Soon is within two days. */
export function urgency(iso: string, now: number): Urgency {
  const left = Date.parse(iso) - now;
  return left < 0 ? 'past' : left < 2 * 86_400_000 ? 'soon' : 'later';
}

/** The moment in the reader's own time. */
export function moment(iso: string, locale?: string): string {
  return new Date(iso).toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}
