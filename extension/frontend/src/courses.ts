/** The catalogue and the outline: what is shown, and the acts that change it. */

import { ISignal, Signal } from '@lumino/signaling';

import { IApi } from './api';
import { Problem } from './request';
import { IConcept, ICourse, ICourseCard, IOpened, IStanding } from './tokens';

export interface ICoursesState {
  /** The key of the course whose outline is shown; null: the catalogue. */
  at: string | null;
  /** The course that was left by going back, so that focus returns to it. */
  left: string | null;
  loading: boolean;
  problem: Problem | null;
  courses: ICourseCard[] | null;
  course: ICourse | null;
  standing: IStanding | null;
  concepts: IConcept[] | null;
  search: string;
  /** The key of the course being joined or the lesson being opened. */
  busy: string | null;
}

const START: ICoursesState = {
  at: null,
  left: null,
  loading: false,
  problem: null,
  courses: null,
  course: null,
  standing: null,
  concepts: null,
  search: '',
  busy: null
};

export class CoursesModel {
  constructor(
    private readonly _api: IApi,
    private readonly _show: (opened: IOpened) => Promise<void>
  ) {}

  get state(): ICoursesState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** Load what is shown now, again. */
  async refresh(): Promise<void> {
    const { at } = this._state;
    await (at === null ? this._load() : this.enter(at));
  }

  async enter(course: string): Promise<void> {
    const same = this._state.course?.key === course;
    const kept = same ? {} : { course: null, concepts: null };
    this._set({ at: course, left: null, ...kept });
    await this._during({ loading: true }, async () => {
      const found = await this._api.course(course);
      if (this._state.at === course) {
        this._set({ course: found });
      }
    });
    await this._learned(course);
  }

  /** Straight to a lesson of any course. */
  async go(course: string, lesson: string): Promise<void> {
    await this.enter(course);
    await this.open(lesson);
  }

  async leave(): Promise<void> {
    this._set({ at: null, left: this._state.at, problem: null });
    await this._load();
  }

  search(text: string): void {
    this._set({ search: text });
  }

  async enrol(course: string): Promise<void> {
    const done = await this._during({ busy: course }, () => this._api.enrol(course));
    if (done) {
      await this.enter(course);
    }
  }

  /** Join by a code; the problem, if there is one, is the form's to show. */
  async join(code: string): Promise<void> {
    await this.enter(await this._api.join(code));
  }

  async open(lesson: string): Promise<void> {
    const { at } = this._state;
    if (at !== null) {
      await this._during({ busy: lesson }, async () => {
        await this._show(await this._api.open(at, lesson));
      });
      await this.freshen(at);
    }
  }

  /** A lesson of `course` is open: begin at its outline, unless the student chose what to see. */
  async begin(course: string): Promise<void> {
    const { at, left } = this._state;
    if (at === null && left === null) {
      await this.enter(course);
    }
  }

  /** The score of a lesson changed: bring the outline up to date without any fuss. */
  async freshen(course: string): Promise<void> {
    if (this._state.at !== course) {
      return;
    }
    try {
      const found = await this._api.course(course, true);
      if (this._state.at === course) {
        this._set({ course: found });
      }
      await this._learned(course);
    } catch (reason) {
      console.warn('Coursewright: the outline could not be brought up to date.', reason);
    }
  }

  private _load(): Promise<boolean> {
    return this._during({ loading: true }, async () => {
      this._set({ courses: await this._api.courses() });
      this._set({ standing: await this._extra(this._api.standing()) });
    });
  }

  private async _learned(course: string): Promise<void> {
    const concepts = await this._extra(this._api.mastery(course));
    if (this._state.at === course) {
      this._set({ concepts });
    }
  }

  /** What is shown beside the rest: without it the rest is still of use. */
  private async _extra<T>(asked: Promise<T>): Promise<T | null> {
    try {
      return await asked;
    } catch (reason) {
      console.warn('Coursewright: a part of the panel could not be loaded.', reason);
      return null;
    }
  }

  /** Show `meanwhile` while `act` runs; a Problem becomes part of the state. */
  private async _during(
    meanwhile: Partial<ICoursesState>,
    act: () => Promise<void>
  ): Promise<boolean> {
    this._set({ problem: null, ...meanwhile });
    try {
      await act();
      return true;
    } catch (reason) {
      this._set({ problem: reason instanceof Problem ? reason : new Problem(String(reason), -1) });
      return false;
    } finally {
      this._set({ loading: false, busy: null });
    }
  }

  private _set(change: Partial<ICoursesState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit();
  }

  private _state = START;
  private readonly _changed = new Signal<this, void>(this);
}
