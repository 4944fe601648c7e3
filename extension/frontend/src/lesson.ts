/**
 * The open lesson: handing it in, and following what becomes of it.
 *
 * submit: save → send with a key kept until the answer is known → receipt → the score. While live
 * events come, one of them says when to look; otherwise, looks with growing pauses while the page
 * is visible, until it is there.
 */

import { Poll } from '@lumino/polling';
import { ISignal, Signal } from '@lumino/signaling';

import { IApi } from './api';
import { SubmitKeys } from './keys';
import { ownSubmission } from './live/messages';
import type { ILive, ILiveEvent } from './live/token';
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

/** Seconds between two looks while events come: for one that was lost. */
const CONNECTED_PACE = 15;

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

  /** Shows what changed between two attempts; null until somebody can. */
  compare: ((later: ISubmission, earlier: ISubmission) => Promise<void>) | null = null;

  get state(): ILessonState {
    return this._state;
  }

  /** Asked before anything is saved or sent; whoever sets it lets the student decide. */
  confirm: (notebook: INotebookInHand) => Promise<boolean> = async () => true;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A submission of this session got its result. */
  get settled(): ISignal<this, ISubmission> {
    return this._settled;
  }

  /** Let live events say when there is something to look at. */
  follow(live: ILive): void {
    this._live = live;
    live.changed.connect(() => this._lookAgain());
    live.happened.connect((_, event) => this._hear(event));
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
      const newest = this._state.attempts?.[0];
      if (newest?.state === 'received' && this._state.notebook === notebook && !this._poll) {
        this._follow(notebook, newest.id);
      }
    }
  }

  async submit(): Promise<void> {
    const { notebook, step } = this._state;
    if (!notebook || step === 'saving' || step === 'sending') {
      return;
    }
    if (!(await this.confirm(notebook))) {
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
        this._follow(notebook, receipt.id);
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
      this._follow(notebook, receipt.id);
    }
  }

  private _follow(notebook: INotebookInHand, submission: number): void {
    let wait = this.pace;
    const poll = new Poll<void>({
      name: 'coursewright:score',
      standby: 'when-hidden',
      frequency: { interval: wait * 1000, max: 30_000, backoff: true },
      factory: async () => {
        await this._settle(notebook, submission);
        wait = this._live?.connected ? CONNECTED_PACE : nextWait(wait);
        if (!poll.isDisposed) {
          poll.frequency = { interval: wait * 1000, max: 30_000, backoff: true };
        }
      }
    });
    this._poll = poll;
    this._following = submission;
  }

  /** Look whether the submission that is followed has its result; if so, the following ends. */
  private async _settle(notebook: INotebookInHand, submission: number): Promise<void> {
    const found = await this._look(notebook, submission);
    if (this._following === submission && found && found.state !== 'received') {
      this._stop();
      this._on(notebook, { step: 'idle' });
      this._settled.emit(found);
    }
  }

  private _hear(event: ILiveEvent): void {
    const { notebook } = this._state;
    const own = notebook?.belonging;
    if (
      ownSubmission(event) !== null &&
      own?.course === event.course &&
      own?.lesson === event.lesson
    ) {
      this._lookAgain();
    }
  }

  private _lookAgain(): void {
    const { notebook } = this._state;
    if (!notebook) {
      return;
    }
    const looking =
      this._following === null ? this._look(notebook) : this._settle(notebook, this._following);
    looking.catch(() => {
      console.warn('Coursewright: the attempts could not be brought up to date.');
    });
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
    this._following = null;
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
  private _following: number | null = null;
  private _live: ILive | null = null;
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
