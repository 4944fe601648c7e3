/** What the Class panel says of a student, and in which order it lists them. Pure. */

import type { ITrans } from '../words';
import type { IClass, IDraft, IMarkedCell, IPupil } from './types';

export type Order = 'stuck' | 'name' | 'seen' | 'tries';

export interface IChoice {
  search: string;
  lesson: string;
  section: string;
  group: string;
  hereOnly: boolean;
  order: Order;
}

/** The students that were chosen, in the order that was chosen. */
export function chosen(pupils: readonly IPupil[], by: IChoice): IPupil[] {
  const wanted = by.search.trim().toLocaleLowerCase();
  return pupils
    .filter(
      one =>
        (!by.lesson || one.lesson === by.lesson) &&
        (!by.section || one.section === by.section) &&
        (!by.group || one.group === by.group) &&
        (!by.hereOnly || one.here) &&
        (!wanted || `${one.display_name} ${one.person}`.toLocaleLowerCase().includes(wanted))
    )
    .sort((a, b) => compare(a, b, by.order) || a.display_name.localeCompare(b.display_name));
}

/** Those who can be helped now come first: here and stuck, the longest first. */
function compare(a: IPupil, b: IPupil, order: Order): number {
  switch (order) {
    case 'stuck':
      return (
        Number(b.here) - Number(a.here) ||
        Number(b.stuck_since !== null) - Number(a.stuck_since !== null) ||
        time(a.stuck_since) - time(b.stuck_since) ||
        time(b.last_at) - time(a.last_at)
      );
    case 'seen':
      return Number(b.here) - Number(a.here) || time(b.last_at) - time(a.last_at);
    case 'tries':
      return b.checks + b.attempts - (a.checks + a.attempts);
    case 'name':
      return 0;
  }
}

function time(iso: string | null): number {
  return iso === null ? 0 : Date.parse(iso);
}

/** How long ago something was, in one unit. */
export function ago(trans: ITrans, iso: string, now: string): string {
  const minutes = Math.max(0, Math.floor((Date.parse(now) - Date.parse(iso)) / 60_000));
  if (minutes < 1) {
    return trans.__('less than a minute');
  }
  if (minutes < 60) {
    return trans.__('%1 min', minutes);
  }
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? trans._n('%1 hour', '%1 hours', hours)
    : trans._n('%1 day', '%1 days', Math.floor(hours / 24));
}

export function presence(trans: ITrans, one: IPupil, now: string): string {
  if (one.here) {
    return trans.__('Here now');
  }
  return one.last_at
    ? trans.__('Last seen %1 ago', ago(trans, one.last_at, now))
    : trans.__('Has not been here yet');
}

/** Lesson and exercise by their titles. */
export function place(one: IPupil, course: IClass): string {
  const lesson = course.lessons.find(item => item.key === one.lesson);
  const exercise = lesson?.exercises.find(item => item.key === one.exercise);
  return [lesson?.title ?? one.lesson, exercise?.title ?? one.exercise].filter(Boolean).join(' · ');
}

/** What they tried there and what came of it. */
export function efforts(trans: ITrans, one: IPupil): string {
  const said = [];
  if (one.checks) {
    said.push(trans._n('%1 check', '%1 checks', one.checks));
  }
  if (one.passed !== null && one.total !== null) {
    said.push(trans.__('%1 of %2 tests passed', one.passed, one.total));
  }
  if (one.attempts) {
    said.push(trans._n('%1 hand-in', '%1 hand-ins', one.attempts));
  }
  if (one.points !== null && one.max_points !== null) {
    said.push(trans.__('%1 of %2 points', round(one.points), round(one.max_points)));
  }
  if (one.hints) {
    said.push(trans._n('%1 hint', '%1 hints', one.hints));
  }
  return said.join(' · ');
}

export function stuck(trans: ITrans, one: IPupil, now: string): string {
  return one.stuck_since ? trans.__('Stuck for %1', ago(trans, one.stuck_since, now)) : '';
}

function round(points: number): number {
  return Math.round(points * 100) / 100;
}

/** What a form shows before anything is typed: the mark that counts, if there is one. */
export function draftOf(cell: IMarkedCell): IDraft {
  const last = cell.history.find(said => said.counts);
  return {
    items: [...(last?.items ?? [])],
    adjustment: String(last?.adjustment ?? 0),
    extraCredit: String(last?.extra_credit ?? 0),
    // Whoever comments on tests that have been run does not want to take their points away.
    keeps: last?.keeps ?? cell.exercise !== null,
    comment: last?.comment ?? ''
  };
}

/** The mark as it is sent; null when a number is none. */
export function markOf(draft: IDraft, seen: number): object | null {
  const adjustment = numberOf(draft.adjustment);
  const extra = numberOf(draft.extraCredit);
  if (adjustment === null || extra === null || extra < 0) {
    return null;
  }
  const { items, keeps, comment } = draft;
  return { seen, items, adjustment, extra_credit: extra, keeps, comment };
}

export function numberOf(text: string): number | null {
  const number = Number(text.trim().replace(',', '.') || '0');
  return Number.isFinite(number) ? number : null;
}
