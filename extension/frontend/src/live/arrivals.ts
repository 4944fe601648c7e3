/**
 * Feedback that arrives: said once in a toast, counted on the panel's icon until it was seen, and
 * handed to the open notebooks for their marks.
 */

import { ISignal, Signal } from '@lumino/signaling';

import { IApi } from '../api';
import { ISubmission } from '../tokens';

export interface IArrival {
  course: string;
  lesson: string;
  attempt: ISubmission;
}

/** How the server extension is asked for what no typed call is for. */
type Ask = <T>(path: string, init?: RequestInit) => Promise<T>;

export class Arrivals {
  constructor(
    private readonly _api: IApi,
    private readonly _ask: Ask
  ) {}

  /** Feedback that was not there before. */
  get arrived(): ISignal<this, IArrival> {
    return this._arrived;
  }

  /** The count of `unread` changed. */
  get counted(): ISignal<this, void> {
    return this._counted;
  }

  /** Lessons with feedback that was not seen yet. */
  get unread(): number {
    return this._unread.size;
  }

  /** What the service remembers as unread, in all courses. */
  async count(): Promise<void> {
    try {
      const { unread } = await this._ask<{ unread: { submission: number }[] }>(
        'standing?zone=UTC&no_track_activity=1'
      );
      this._unread = new Set(unread.map(one => one.submission));
      this._counted.emit();
    } catch {
      // The count stays what it was; the next arrival brings it up to date.
    }
  }

  /** Something became of a submission; look what, and tell. */
  async look(course: string, lesson: string, submission: number): Promise<void> {
    const attempts = await this._api.submissions(course, lesson, true);
    const attempt = attempts.find(one => one.id === submission);
    if (attempt) {
      this.note(course, lesson, attempt);
    }
  }

  note(course: string, lesson: string, attempt: ISubmission): void {
    const mark = `${attempt.state} ${attempt.points} ${attempt.max_points}`;
    if (attempt.state === 'received' || this._known.get(attempt.id) === mark) {
      return;
    }
    this._known.set(attempt.id, mark);
    if (attempt.state === 'graded') {
      this._unread.add(attempt.id);
      this._counted.emit();
    }
    this._arrived.emit({ course, lesson, attempt });
  }

  /** The student has it before their eyes; answers whether that was news and could be kept. */
  async seen(submission: number): Promise<boolean> {
    if (this._seen.has(submission)) {
      return false;
    }
    this._seen.add(submission);
    const counted = this._unread.delete(submission);
    try {
      await this._ask(`submissions/${submission}/read?no_track_activity=1`, { method: 'PUT' });
    } catch {
      this._seen.delete(submission);
    }
    if (counted) {
      this._counted.emit();
    }
    return this._seen.has(submission);
  }

  private _unread = new Set<number>();
  private readonly _seen = new Set<number>();
  private readonly _known = new Map<number, string>();
  private readonly _arrived = new Signal<this, IArrival>(this);
  private readonly _counted = new Signal<this, void>(this);
}
