/** The checks of folders: the last one of each is remembered, also over a reload of the page. */

import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import { IKeep } from '../keys';
import { AuthorCalls } from './calls';
import { ICheck } from './types';

const PACE = 1000; // milliseconds between two looks

interface IKept {
  id: number;
  /** Something was saved in the folder after the check was asked for. */
  stale: boolean;
}

export class FolderChecks {
  constructor(
    private readonly _calls: AuthorCalls,
    private readonly _keep: Pick<IKeep, 'getItem' | 'setItem'>,
    private readonly _prefix: string
  ) {}

  /** The check of the folder that it names has changed. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  /** What is known of the last check of a folder. */
  of(folder: string): ICheck | null {
    return this._found.get(folder) ?? null;
  }

  isStale(folder: string): boolean {
    return this._kept(folder)?.stale ?? false;
  }

  async begin(folder: string): Promise<void> {
    const id = await this._calls.check(folder);
    this._remember(folder, { id, stale: false });
    this._found.delete(folder);
    this._changed.emit(folder);
    this._follow(folder, id);
  }

  /** Go on with what an earlier visit of the page began. */
  recall(folder: string): void {
    const kept = this._kept(folder);
    if (kept && !this._found.has(folder) && !this._polls.has(folder)) {
      this._follow(folder, kept.id);
    }
  }

  /** A file of the folder was saved: what the check found may not be true any more. */
  touch(folder: string): void {
    const kept = this._kept(folder);
    if (kept && !kept.stale) {
      this._remember(folder, { ...kept, stale: true });
      this._changed.emit(folder);
    }
  }

  private _follow(folder: string, id: number): void {
    this._polls.get(folder)?.dispose();
    const poll = new Poll<void>({
      name: `coursewright:check-${id}`,
      standby: 'when-hidden',
      frequency: { interval: PACE, max: 30_000, backoff: true },
      factory: async () => {
        const found = await this._calls.checked(id);
        if (poll.isDisposed) {
          return;
        }
        this._found.set(folder, found);
        if (found.state === 'done' || found.state === 'failed') {
          poll.dispose();
          this._polls.delete(folder);
        }
        this._changed.emit(folder);
      }
    });
    this._polls.set(folder, poll);
  }

  private _kept(folder: string): IKept | null {
    try {
      return JSON.parse(this._keep.getItem(this._prefix + folder) ?? 'null') as IKept | null;
    } catch {
      return null;
    }
  }

  private _remember(folder: string, kept: IKept): void {
    this._keep.setItem(this._prefix + folder, JSON.stringify(kept));
  }

  private readonly _found = new Map<string, ICheck>();
  private readonly _polls = new Map<string, Poll<void>>();
  private readonly _changed = new Signal<this, string>(this);
}
