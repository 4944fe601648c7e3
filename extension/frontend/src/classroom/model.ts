/** The class that is watched: the course, who is there, whose grades are held back. */

import { IDisposable } from '@lumino/disposable';
import { Debouncer, Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import { IDesk } from '../desk';
import { ILive } from '../live/token';
import { Problem } from '../request';
import { ICourseCard } from '../tokens';
import { IClass, IClassLesson } from './types';
import { IChoice } from './words';

/** Milliseconds between two looks, and from something that happened to a look. */
const LOOK = 10_000;
const SOON = 700;

export interface IClassState {
  /** The courses that one teaches. */
  courses: ICourseCard[];
  course: string;
  class: IClass | null;
  choice: IChoice;
  problem: Problem | null;
  /** The lesson whose grades are being held back or released, and which of the two. */
  turning: { lesson: string; held: boolean } | null;
  /** What is read aloud. */
  spoken: string;
}

export class ClassModel {
  constructor(
    private readonly _desk: IDesk,
    private readonly _live: ILive | null,
    isSeen: () => boolean
  ) {
    this._poll = new Poll<void>({
      name: 'coursewright:class',
      auto: false,
      standby: () => document.hidden || !isSeen(),
      frequency: { interval: LOOK, max: 60_000, backoff: true },
      factory: () => this._look(true)
    });
    this._live?.happened.connect((_, event) => {
      if (event.course === this._state.course && isSeen()) {
        void this._soon.invoke();
      }
    });
  }

  get state(): IClassState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The courses that can be chosen; the first is watched until another is. */
  teach(courses: ICourseCard[]): void {
    this._set({ courses });
    if (!courses.some(card => card.key === this._state.course) && courses.length) {
      void this.watch(courses[0].key);
    }
  }

  async watch(course: string): Promise<void> {
    const choice = { ...this._state.choice, lesson: '', section: '', group: '' };
    this._set({ course, class: null, choice, problem: null, spoken: '' });
    this._watched?.dispose();
    this._watched = this._live?.watch(course) ?? null;
    await this.refresh();
  }

  choose(change: Partial<IChoice>): void {
    this._set({ choice: { ...this._state.choice, ...change } });
  }

  /** Look now, and go on looking. */
  async refresh(): Promise<void> {
    await this._look(false).catch(() => undefined);
    void this._poll.start();
  }

  /** Hold the grades of a lesson back, or release them. */
  async hold(lesson: IClassLesson, held: boolean): Promise<void> {
    const { course, turning } = this._state;
    const { trans } = this._desk;
    if (turning) {
      return;
    }
    this._set({ turning: { lesson: lesson.key, held }, problem: null });
    try {
      const address = `${where(course)}/lessons/${encodeURIComponent(lesson.key)}/release`;
      await this._desk.ask(address, { method: 'PUT', body: JSON.stringify({ held }) });
      const spoken = held
        ? trans.__('The grades of “%1” are held back.', lesson.title)
        : trans.__('The grades of “%1” are released.', lesson.title);
      this._set({ spoken });
      await this._look(false);
    } catch (reason) {
      this._set({ problem: asProblem(reason) });
    } finally {
      this._set({ turning: null });
    }
  }

  private async _look(quiet: boolean): Promise<void> {
    const { course } = this._state;
    if (!course) {
      return;
    }
    try {
      const address = `${where(course)}/class${quiet ? '?no_track_activity=1' : ''}`;
      const found = await this._desk.ask<IClass>(address);
      if (this._state.course === course) {
        this._set({ class: found, problem: null });
      }
    } catch (reason) {
      if (this._state.course === course) {
        this._set({ problem: asProblem(reason) });
      }
      throw reason;
    }
  }

  private _set(change: Partial<IClassState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit();
  }

  private _state: IClassState = {
    courses: [],
    course: '',
    class: null,
    choice: { search: '', lesson: '', section: '', group: '', hereOnly: false, order: 'stuck' },
    problem: null,
    turning: null,
    spoken: ''
  };
  private _watched: IDisposable | null = null;
  private readonly _poll: Poll<void>;
  private readonly _soon = new Debouncer(() => this._look(true).catch(() => undefined), SOON);
  private readonly _changed = new Signal<this, void>(this);
}

function where(course: string): string {
  return `courses/${encodeURIComponent(course)}`;
}

function asProblem(reason: unknown): Problem {
  return reason instanceof Problem ? reason : new Problem(String(reason), -1);
}
