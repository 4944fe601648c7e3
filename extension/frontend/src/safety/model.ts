/** Asks the student's own server how safe the work is: often while something is under way. */

import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import { Problem } from '../request';
import { ISafety, ISubmit } from './tokens';
import { isWaiting } from './words';

/** Asked by the clock and not by a person: must not keep an idle server alive. */
const SAFETY = 'safety?no_track_activity=1';
const SOON = 1500; // milliseconds
const LATER = 30_000;

export type Ask = <T>(path: string, init?: RequestInit) => Promise<T>;

export class SafetyModel {
  constructor(private readonly _ask: Ask) {
    this._poll = new Poll<void>({
      name: 'coursewright:safety',
      standby: 'when-hidden',
      frequency: { interval: LATER, max: LATER, backoff: false },
      factory: () => this._look()
    });
  }

  /** Null: the student's own server does not answer; undefined: not asked yet. */
  get told(): ISafety | null | undefined {
    return this._told;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A submit that had waited is with the service now. */
  get sent(): ISignal<this, ISubmit> {
    return this._sent;
  }

  /** Submits that wait, were refused, or waited when this page first saw them. */
  get submits(): ISubmit[] {
    return (this._told?.submits ?? []).filter(
      submit => submit.receipt === null || this._waited.has(submit.key)
    );
  }

  async refresh(): Promise<void> {
    await this._poll.refresh();
  }

  /** Have what waits sent now, rather than after the next pause. */
  async hurry(): Promise<void> {
    await this._ask('outbox', { method: 'POST' });
    await this.refresh();
  }

  /** The student has read what became of a submit. */
  async dismiss(submit: ISubmit): Promise<void> {
    await this._ask(`outbox/${submit.key}`, { method: 'DELETE' });
    await this.refresh();
  }

  private async _look(): Promise<void> {
    try {
      this._take(await this._ask<ISafety>(SAFETY));
    } catch (reason) {
      // Any answer is a sign of life; a server without this route has nothing to tell.
      if (reason instanceof Problem && reason.status === 0) {
        this._told = null;
        this._changed.emit();
      }
    }
    const soon = this._told === null || isUnderWay(this._told);
    const interval = soon ? SOON : LATER;
    if (this._poll.frequency.interval !== interval) {
      this._poll.frequency = { interval, max: LATER, backoff: false };
    }
  }

  private _take(told: ISafety): void {
    for (const submit of told.submits) {
      if (isWaiting(submit)) {
        this._waited.add(submit.key);
      }
    }
    const before = new Set(this.submits.filter(isWaiting).map(submit => submit.key));
    this._told = told;
    this._changed.emit();
    for (const submit of told.submits) {
      if (submit.receipt && before.has(submit.key)) {
        this._sent.emit(submit);
      }
    }
  }

  private _told: ISafety | null | undefined = undefined;
  private readonly _poll: Poll<void>;
  private readonly _waited = new Set<string>();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _sent = new Signal<this, ISubmit>(this);
}

function isUnderWay(told: ISafety | undefined): boolean {
  return (
    told !== undefined &&
    (!told.online ||
      told.copies.waiting.length > 0 ||
      told.unsaved.length > 0 ||
      told.submits.some(isWaiting))
  );
}
