/** One course that is being made: looked at again and again while it is under way. */

import { Poll } from '@lumino/polling';
import { IDisposable } from '@lumino/disposable';
import { ISignal, Signal } from '@lumino/signaling';

import { Problem } from '../request';
import { AuthorCalls } from './calls';
import { isUnderWay } from './progress';
import { IGeneration, ILimits, IPieceReceipt } from './types';

const PACE = 1500; // milliseconds between two looks

export interface IGenerationState {
  found: IGeneration | null;
  /** Of a course that is done, by place. */
  receipts: Record<string, IPieceReceipt> | null;
  problem: Problem | null;
  busy: boolean;
}

export class GenerationModel implements IDisposable {
  constructor(
    private readonly _calls: AuthorCalls,
    readonly id: number
  ) {
    this._poll = new Poll<void>({
      name: `coursewright:generation-${id}`,
      standby: 'when-hidden',
      frequency: { interval: PACE, max: 30_000, backoff: true },
      factory: () => this._look()
    });
  }

  get state(): IGenerationState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** It is in another state than before, such as done. */
  get turned(): ISignal<this, void> {
    return this._turned;
  }

  get isDisposed(): boolean {
    return this._poll.isDisposed;
  }

  dispose(): void {
    this._poll.dispose();
    Signal.clearData(this);
  }

  /** Look now, after a look that failed. */
  async again(): Promise<void> {
    await this._poll.refresh();
  }

  cancel(): Promise<void> {
    return this._act(() => this._calls.cancel(this.id));
  }

  resume(limits: ILimits): Promise<void> {
    return this._act(() => this._calls.resume(this.id, limits));
  }

  private async _look(): Promise<void> {
    try {
      const before = this._state.found?.state;
      const found = await this._calls.generation(this.id, true);
      this._set({ found, problem: null });
      if (found.state !== before) {
        this._turned.emit();
      }
      if (!isUnderWay(found)) {
        void this._poll.stop();
      }
      if (found.state === 'done') {
        this._set({ receipts: await this._calls.receipts(this.id) });
      }
    } catch (reason) {
      this._set({ problem: asProblem(reason) });
      throw reason;
    }
  }

  private async _act(act: () => Promise<void>): Promise<void> {
    this._set({ busy: true, problem: null });
    try {
      await act();
      await this._poll.start();
    } catch (reason) {
      this._set({ problem: asProblem(reason) });
    } finally {
      this._set({ busy: false });
    }
  }

  private _set(change: Partial<IGenerationState>): void {
    this._state = { ...this._state, ...change };
    if (!this.isDisposed) {
      this._changed.emit();
    }
  }

  private _state: IGenerationState = {
    found: null,
    receipts: null,
    problem: null,
    busy: false
  };
  private readonly _poll: Poll<void>;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _turned = new Signal<this, void>(this);
}

export function asProblem(reason: unknown): Problem {
  return reason instanceof Problem ? reason : new Problem(String(reason), -1);
}
