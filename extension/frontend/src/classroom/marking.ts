/** The hand-in that is being marked: what was typed for it, sending that, and going to the next. */

import { ISignal, Signal } from '@lumino/signaling';

import { IDesk } from '../desk';
import { Problem } from '../request';
import { IDraft, IForeignCell, IMarkedCell, IPaper, IWaiting } from './types';
import { draftOf, markOf, numberOf } from './words';

export interface IMarkingState {
  course: string;
  paper: IPaper | null;
  cells: IForeignCell[];
  /** Hand-ins that wait, the oldest first; null until they are known. */
  waiting: IWaiting[] | null;
  busy: boolean;
  problem: Problem | null;
  /** By grade_id, what is to be said of an answer beside its form. */
  said: Readonly<Record<string, { text: string; wrong: boolean }>>;
}

const START: IMarkingState = {
  course: '',
  paper: null,
  cells: [],
  waiting: null,
  busy: false,
  problem: null,
  said: {}
};

export class MarkingModel {
  constructor(private readonly _desk: IDesk) {}

  /** Leave out whose a hand-in is. */
  anonymous = false;

  get state(): IMarkingState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What the form of an answer shows. */
  draft(cell: IMarkedCell): IDraft {
    return this._drafts.get(cell.grade_id) ?? draftOf(cell);
  }

  isTyped(cell: IMarkedCell): boolean {
    return this._drafts.has(cell.grade_id);
  }

  type(cell: IMarkedCell, change: Partial<IDraft>): void {
    this._drafts.set(cell.grade_id, { ...this.draft(cell), ...change });
    this._set({ said: without(this._state.said, cell.grade_id) });
  }

  async open(course: string, submission: number): Promise<void> {
    if (!(await this._keepTyped())) {
      return;
    }
    this._set({ busy: true, problem: null, course, said: {} });
    await this._trying(async () => {
      const at = `${where(course)}/submissions/${submission}`;
      const [paper, book] = await Promise.all([
        this._desk.ask<IPaper>(`${at}/paper${this._veil('?')}`),
        this._desk.ask<{ cells?: unknown }>(`${at}/notebook`)
      ]);
      this._drafts.clear();
      this._set({ paper, cells: Array.isArray(book.cells) ? book.cells : [] });
      await this._count(course);
    });
  }

  /** Keep what was typed, and open the hand-in that has waited longest after this one. */
  async next(course: string): Promise<void> {
    if (!(await this._keepTyped())) {
      return;
    }
    this._set({ busy: true, problem: null, course });
    const found = await this._trying(() => this._count(course));
    const { waiting, paper } = this._state;
    if (!found || !waiting) {
      return;
    }
    const at = waiting.findIndex(one => one.submission === paper?.submission);
    const others = [...waiting.slice(at + 1), ...waiting.slice(0, Math.max(at, 0))];
    if (others.length) {
      await this.open(course, others[0].submission);
    } else if (!waiting.length) {
      this._set({ paper: null, cells: [] });
    }
  }

  /** Send what was typed for an answer; false when it does not count. */
  async save(cell: IMarkedCell): Promise<boolean> {
    const { course, paper, busy } = this._state;
    const mark = markOf(this.draft(cell), cell.version);
    if (!paper || busy) {
      return false;
    }
    if (!mark) {
      this._say(cell, this._desk.trans.__('Adjustment and extra credit are numbers.'), true);
      return false;
    }
    this._set({ busy: true });
    const at = `${where(course)}/submissions/${paper.submission}`;
    try {
      const address = `${at}/marks/${encodeURIComponent(cell.grade_id)}`;
      await this._desk.ask(address, { method: 'PUT', body: JSON.stringify(mark) });
      this._drafts.delete(cell.grade_id);
      await this._again(at);
      this._say(cell, this._desk.trans.__('Saved.'), false);
      await this._count(course);
      return true;
    } catch (reason) {
      const problem = asProblem(reason);
      if (problem.status === 409) {
        // What was typed stays, to be sent again by whoever has read what the other said.
        await this._again(at).catch(() => undefined);
      }
      this._say(cell, problem.message || this._desk.trans.__('It could not be saved.'), true);
      return false;
    } finally {
      this._set({ busy: false });
    }
  }

  /** A new reason for points, for this answer and all others to the question. */
  async addItem(cell: IMarkedCell, label: string, points: string): Promise<boolean> {
    const { course, paper } = this._state;
    const number = numberOf(points);
    if (!paper || !label.trim() || number === null) {
      this._say(cell, this._desk.trans.__('A reason has a text and points.'), true);
      return false;
    }
    const address = `${where(course)}/lessons/${encodeURIComponent(paper.lesson)}/rubric`;
    const body = JSON.stringify({ grade_id: cell.grade_id, label: label.trim(), points: number });
    try {
      const { id } = await this._desk.ask<{ id: number }>(address, { method: 'POST', body });
      await this._again(`${where(course)}/submissions/${paper.submission}`);
      this.type(cell, { items: [...this.draft(cell).items, id] });
      return true;
    } catch (reason) {
      this._say(cell, asProblem(reason).message, true);
      return false;
    }
  }

  /** Send everything that was typed; false when something of it could not be. */
  private async _keepTyped(): Promise<boolean> {
    for (const cell of this._state.paper?.cells ?? []) {
      if (this.isTyped(cell) && !(await this.save(cell))) {
        return false;
      }
    }
    return true;
  }

  private async _again(at: string): Promise<void> {
    this._set({ paper: await this._desk.ask<IPaper>(`${at}/paper${this._veil('?')}`) });
  }

  private async _count(course: string): Promise<void> {
    const address = `${where(course)}/ungraded${this._veil('?')}`;
    const { waiting } = await this._desk.ask<{ waiting: IWaiting[] }>(address);
    this._set({ waiting });
  }

  private _veil(mark: string): string {
    return this.anonymous ? `${mark}anonymous=true` : '';
  }

  private _say(cell: IMarkedCell, text: string, wrong: boolean): void {
    this._set({ said: { ...this._state.said, [cell.grade_id]: { text, wrong } } });
  }

  private async _trying(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (reason) {
      this._set({ problem: asProblem(reason) });
      return false;
    } finally {
      this._set({ busy: false });
    }
  }

  private _set(change: Partial<IMarkingState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit();
  }

  private _state = START;
  private readonly _drafts = new Map<string, IDraft>();
  private readonly _changed = new Signal<this, void>(this);
}

function where(course: string): string {
  return `courses/${encodeURIComponent(course)}`;
}

function asProblem(reason: unknown): Problem {
  return reason instanceof Problem ? reason : new Problem(String(reason), -1);
}

function without<T>(record: Readonly<Record<string, T>>, name: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
}
