/**
 * The open lesson: handing it in, and following what becomes of it.
 *
 * submit: save → send with a key kept until the answer is known → receipt → look at the score with
 * growing pauses, while the page is visible, until it is there.
 */

import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import { IApi } from './api';
import { SubmitKeys } from './keys';
import { Problem } from './request';
import { INotebookInHand, IReceipt, ISubmission } from './tokens';
import { nextWait } from './words';

export type Step = 'idle' | 'saving' | 'sending' | 'waiting';

export interface ILessonState {
  notebook: INotebookInHand | null;
  step: Step;
  problem: Problem | null;
  receipt: IReceipt | null;
  /** Newest first; null until they were asked for. */
  attempts: ISubmission[] | null;
}

const NOTHING: ILessonState = {
  notebook: null,
  step: 'idle',
  problem: null,
  receipt: null,
  attempts: null
};

export class LessonModel {
  constructor(
    private readonly _api: IApi,
    private readonly _keys: SubmitKeys
  ) {}

  /** Seconds until the first look at a score. */
  pace = 1;

  get state(): ILessonState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A submission of this session got its result. */
  get settled(): ISignal<this, ISubmission> {
    return this._settled;
  }

  /** Another notebook came to the front, or none. */
  async take(notebook: INotebookInHand | null): Promise<void> {
    if (same(notebook, this._state.notebook)) {
      this._set({ notebook });
      return;
    }
    this._stop();
    this._set({ ...NOTHING, notebook });
    if (notebook) {
      await this._look(notebook).catch(() => {
        console.warn('Coursewright: earlier attempts could not be loaded.');
      });
    }
  }

  async submit(): Promise<void> {
    const { notebook, step } = this._state;
    if (!notebook || step === 'saving' || step === 'sending') {
      return;
    }
    this._stop();
    const { course, lesson } = notebook.belonging;
    this._set({ step: 'saving', problem: null, receipt: null });
    try {
      const mark = await notebook.save();
      const key = this._keys.take(`${course}/${lesson}`, mark);
      this._on(notebook, { step: 'sending' });
      const receipt = await this._api.submit(course, lesson, key, notebook.path);
      if ('queued' in receipt) {
        // Its key stays: submitted again as it is, it is the same submit.
        this._on(notebook, { step: 'idle' });
        return;
      }
      this._keys.settle(`${course}/${lesson}`);
      this._on(notebook, { step: 'waiting', receipt });
      if (this._state.notebook === notebook) {
        this._follow(notebook, receipt);
      }
    } catch (reason) {
      const problem = reason instanceof Problem ? reason : new Problem(String(reason), -1);
      if (problem.decided) {
        this._keys.settle(`${course}/${lesson}`);
      }
      this._on(notebook, { step: 'idle', problem });
    }
  }

  /** A submit that had waited for the service was received. */
  arrived(course: string, lesson: string, receipt: IReceipt): void {
    const { notebook } = this._state;
    this._keys.settle(`${course}/${lesson}`);
    if (notebook?.belonging.course === course && notebook.belonging.lesson === lesson) {
      this._stop();
      this._set({ step: 'waiting', receipt });
      this._follow(notebook, receipt);
    }
  }

  private _follow(notebook: INotebookInHand, receipt: IReceipt): void {
    let wait = this.pace;
    const poll = new Poll<void>({
      name: 'coursewright:score',
      standby: 'when-hidden',
      frequency: { interval: wait * 1000, max: 30_000, backoff: true },
      factory: async () => {
        const found = await this._look(notebook, receipt.id);
        if (this._poll === poll && found && found.state !== 'received') {
          this._stop();
          this._on(notebook, { step: 'idle' });
          this._settled.emit(found);
        }
        wait = nextWait(wait);
        if (!poll.isDisposed) {
          poll.frequency = { interval: wait * 1000, max: 30_000, backoff: true };
        }
      }
    });
    this._poll = poll;
  }

  /** Load the attempts; answers the one with the id `submission`, if it is among them. */
  private async _look(
    notebook: INotebookInHand,
    submission?: number
  ): Promise<ISubmission | undefined> {
    const { course, lesson } = notebook.belonging;
    const attempts = await this._api.submissions(course, lesson, true);
    this._on(notebook, { attempts });
    return attempts.find(attempt => attempt.id === submission);
  }

  private _stop(): void {
    this._poll?.dispose();
    this._poll = null;
  }

  private _on(notebook: INotebookInHand, change: Partial<ILessonState>): void {
    if (same(notebook, this._state.notebook)) {
      this._set(change);
    }
  }

  private _set(change: Partial<ILessonState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit();
  }

  private _state = NOTHING;
  private _poll: Poll<void> | null = null;
  private readonly _changed = new Signal<this, void>(this);
  private readonly _settled = new Signal<this, ISubmission>(this);
}

function same(one: INotebookInHand | null, other: INotebookInHand | null): boolean {
  return (
    one?.path === other?.path &&
    one?.belonging.course === other?.belonging.course &&
    one?.belonging.lesson === other?.belonging.lesson
  );
}
