/** What happens on the server, as it happens; without a connection nothing is told. */

import { Token } from '@lumino/coreutils';
import { IDisposable } from '@lumino/disposable';
import { ISignal } from '@lumino/signaling';

/** An event of the course service, by the names of records/events.py. */
export interface ILiveEvent {
  readonly id: number;
  readonly name: string;
  readonly at: string;
  readonly course: string | null;
  readonly lesson: string | null;
  /** Told to those who teach the course; null in what is told of oneself. */
  readonly person: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface ILive {
  readonly connected: boolean;
  /** The connection came or went; after a gap, whoever shows something looks again. */
  readonly changed: ISignal<ILive, void>;
  readonly happened: ISignal<ILive, ILiveEvent>;
  /** Also hear what happens in a course that one teaches, until it is disposed. */
  watch(course: string): IDisposable;
}

export const ILive = new Token<ILive>(
  '@coursewright/course:ILive',
  'Events of the course service, such as a score that is there.'
);
