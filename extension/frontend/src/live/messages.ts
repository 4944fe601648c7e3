/** What comes over the socket of the server extension, as values. Pure. */

import type { ILiveEvent } from './token';

export type Message =
  | { kind: 'connected'; connected: boolean }
  | { kind: 'reset' }
  | { kind: 'event'; event: ILiveEvent };

/** Names of events that change what is to be shown of one's own attempts. */
export const FEEDBACK: ReadonlySet<string> = new Set([
  'exercise.graded',
  'exercise.released',
  'learning.graded',
  'learning.grading_failed',
  'learning.marked',
  'learning.regraded'
]);

/** null for what this page has no use for. */
export function message(text: unknown): Message | null {
  const said = parsed(text);
  if (typeof said?.connected === 'boolean') {
    return { kind: 'connected', connected: said.connected };
  }
  if (said?.reset === true) {
    return { kind: 'reset' };
  }
  if (
    typeof said?.id === 'number' &&
    typeof said.name === 'string' &&
    typeof said.detail === 'object' &&
    said.detail !== null
  ) {
    return { kind: 'event', event: said as unknown as ILiveEvent };
  }
  return null;
}

/** The submission of one's own that an event is about; null when it is about none. */
export function ownSubmission(event: ILiveEvent): number | null {
  const { submission } = event.detail;
  const own = event.person === null && FEEDBACK.has(event.name);
  return own && typeof submission === 'number' ? submission : null;
}

/** The course in which somebody who teaches it has written to oneself; null for other events. */
export function writtenIn(event: ILiveEvent): string | null {
  return event.name === 'course.message' && event.person === null ? event.course : null;
}

/** The page where one's messages stand, below the Hub's address; null without a Hub. */
export function messagesPage(hubPrefix: string): string | null {
  return hubPrefix.endsWith('/hub/')
    ? `${hubPrefix.slice(0, -'hub/'.length)}services/coursewright/#unread`
    : null;
}

function parsed(text: unknown): Record<string, unknown> | null {
  try {
    const value: unknown = typeof text === 'string' ? JSON.parse(text) : null;
    return typeof value === 'object' ? (value as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
