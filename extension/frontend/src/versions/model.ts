/**
 * A new version of the lesson that an open notebook has.
 *
 * nothing → there (told) → working → done (with what is still to be decided) → nothing
 *              └ put off until the next version       └ undone
 */

import { ISignal, Signal } from '@lumino/signaling';

import { Problem } from '../request';
import { Choice, IChanges, IConflict, IMerged, IPending, IUndone } from './tokens';

export interface IUpdateState {
  step: 'nothing' | 'there' | 'working' | 'done' | 'undone';
  changes: IChanges | null;
  merged: IMerged | null;
  /** Conflicts that wait for a decision; until then the student's text stands. */
  undecided: IConflict[];
  undone: IUndone | null;
  problem: Problem | null;
}

/** What the model needs of the notebook and of the server. */
export interface IUpdatable {
  /** The version that the notebook has; null when it does not say. */
  version(): number | null;
  /** The newest version that was put off; with `version`, that one is too from now on. */
  putOff(version?: number): Promise<number>;
  pending(): Promise<IPending | null>;
  remember(pending: IPending | null): Promise<void>;
  changes(since: number): Promise<IChanges>;
  save(): Promise<void>;
  merge(): Promise<IMerged>;
  undo(): Promise<IUndone>;
  /** Show what is on disk now. */
  reload(): Promise<void>;
  decide(conflict: IConflict, choice: Choice): Promise<void>;
}

const NOTHING: IUpdateState = {
  step: 'nothing',
  changes: null,
  merged: null,
  undecided: [],
  undone: null,
  problem: null
};

export class UpdateModel {
  constructor(private readonly _notebook: IUpdatable) {}

  get state(): IUpdateState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** See whether there is a new version; says nothing of it when that cannot be found out. */
  async look(): Promise<void> {
    const since = this._notebook.version();
    if (since === null || this._busy || this._state.undecided.length > 0) {
      return;
    }
    await this._recall(since);
    const changes = await this._notebook.changes(since);
    if (this._state.undecided.length > 0) {
      return;
    }
    const news = changes.cells.length > 0 && changes.to > (await this._notebook.putOff());
    if (this._busy || this._notebook.version() !== since) {
      return;
    }
    if (news) {
      this._set({ ...NOTHING, step: 'there', changes });
    } else if (this._state.step === 'there') {
      this._set(NOTHING);
    }
  }

  /** Say no more of this version. */
  async putOff(): Promise<void> {
    const to = this._state.changes?.to ?? 0;
    this._set(NOTHING);
    await this._notebook.putOff(to);
  }

  async update(): Promise<void> {
    const { changes } = this._state;
    await this._during(async () => {
      await this._notebook.save();
      const merged = await this._notebook.merge();
      await this._notebook.reload();
      this._set({ ...NOTHING, step: 'done', changes, merged, undecided: merged.conflicts });
      await this._remember();
    });
  }

  /** Go back; whoever did not want this version is not told of it again. */
  async undo(): Promise<void> {
    await this._during(async () => {
      const had = this._notebook.version() ?? 0;
      await this._notebook.save();
      const undone = await this._notebook.undo();
      await this._notebook.reload();
      this._set({ ...NOTHING, step: 'undone', undone });
      await this._notebook.putOff(had);
      await this._remember();
    });
  }

  async decide(conflict: IConflict, choice: Choice): Promise<void> {
    await this._notebook.decide(conflict, choice);
    const undecided = this._state.undecided.filter(other => other.id !== conflict.id);
    this._set({ ...this._state, undecided });
    await this._remember();
  }

  close(): void {
    this._set(NOTHING);
  }

  private _remember(): Promise<void> {
    const { merged, undecided } = this._state;
    return this._notebook.remember(merged && undecided.length > 0 ? { merged, undecided } : null);
  }

  /** What was not decided before the page was loaded, if the notebook still has that version. */
  private async _recall(version: number): Promise<void> {
    if (this._recalled) {
      return;
    }
    this._recalled = true;
    const pending = await this._notebook.pending();
    if (pending?.merged.to === version && this._state.step === 'nothing') {
      this._set({ ...NOTHING, step: 'done', ...pending });
    }
  }

  private async _during(act: () => Promise<void>): Promise<void> {
    const before = this._state;
    if (this._busy) {
      return;
    }
    this._busy = true;
    this._set({ ...before, step: 'working', problem: null });
    try {
      await act();
    } catch (reason) {
      const problem = reason instanceof Problem ? reason : new Problem(String(reason), -1);
      this._set({ ...before, problem });
    } finally {
      this._busy = false;
    }
  }

  private _set(state: IUpdateState): void {
    this._state = state;
    this._changed.emit();
  }

  private _state = NOTHING;
  private _busy = false;
  private _recalled = false;
  private readonly _changed = new Signal<this, void>(this);
}
