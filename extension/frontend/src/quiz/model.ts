/**
 * The quizzes of one open lesson: asked, answered, marked.
 *
 * A quiz is being answered while there is a draft of answers to it, or no attempt yet; otherwise its
 * last result is shown.
 */

import { ISignal, Signal } from '@lumino/signaling';

import { Problem } from '../request';
import { IBelonging } from '../tokens';
import { Drafts, IDraft, lastAnswers, unanswered } from './drafts';
import { Answer, Answers, IQuiz, IQuizReceipt, IQuizzes } from './types';

export type Ask = <T>(path: string, init?: RequestInit) => Promise<T>;

/** What is shown of one quiz beside the quiz itself. */
export interface IAnswering {
  readonly sending: boolean;
  readonly problem: Problem | null;
  /** The questions that stood open when the student last wanted to submit. */
  readonly open: readonly string[];
}

const QUIET: IAnswering = { sending: false, problem: null, open: [] };

export class QuizModel {
  constructor(
    private readonly _ask: Ask,
    private readonly _drafts: Drafts,
    private _own: IBelonging
  ) {}

  /** Null until they were told. */
  quizzes: readonly IQuiz[] | null = null;
  loading = false;
  problem: Problem | null = null;

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** A quiz was answered. */
  get answered(): ISignal<this, IQuizReceipt> {
    return this._answered;
  }

  quiz(key: string): IQuiz | undefined {
    return this.quizzes?.find(quiz => quiz.key === key);
  }

  about(key: string): IAnswering {
    return this._about.get(key) ?? QUIET;
  }

  draft(key: string): IDraft | null {
    return this._drafts.read(this._place(key));
  }

  /** Whether the quiz takes answers now, rather than showing a result. */
  isOpen(quiz: IQuiz): boolean {
    const draft = this.draft(quiz.key);
    if (draft?.key) {
      return true; // what was sent is settled first, whatever is left
    }
    return quiz.left !== 0 && !quiz.closed && (draft !== null || quiz.tries.length === 0);
  }

  /** The notebook now says that it belongs there. */
  async follow(own: IBelonging): Promise<void> {
    if (own.version !== this._own.version || own.lesson !== this._own.lesson) {
      this._own = own;
      await this.load();
    }
  }

  async load(): Promise<void> {
    const asked = this._own;
    this.loading = true;
    this.problem = null;
    this._changed.emit();
    try {
      const query = asked.version === null ? '' : `?version=${asked.version}`;
      const found = await this._ask<IQuizzes>(`${this._path()}${query}`);
      if (asked === this._own) {
        this.quizzes = found.quizzes;
        this._version = found.version;
      }
    } catch (reason) {
      this.problem = asProblem(reason);
    }
    this.loading = false;
    this._changed.emit();
  }

  answer(key: string, question: string, answer: Answer): void {
    const draft = this.draft(key);
    if (!draft?.key) {
      this._drafts.write(this._place(key), { ...draft?.answers, [question]: answer });
      this._set(key, { open: [] });
    }
  }

  /** Begin another attempt, with what was answered last. */
  again(quiz: IQuiz): void {
    this._drafts.write(this._place(quiz.key), lastAnswers(quiz));
    this._set(quiz.key, QUIET);
  }

  /** Hand the answers in; with questions left open only when asked a second time. */
  async submit(quiz: IQuiz): Promise<void> {
    const draft = this.draft(quiz.key);
    const about = this.about(quiz.key);
    if (about.sending) {
      return;
    }
    const open = unanswered(quiz, draft?.answers ?? {});
    if (open.length > 0 && !draft?.key && about.open.length === 0) {
      this._set(quiz.key, { problem: null, open });
      return;
    }
    await this._send(quiz.key);
  }

  private async _send(key: string): Promise<void> {
    const place = this._place(key);
    const name = this._drafts.send(place);
    const answers: Answers = this._drafts.read(place)?.answers ?? {};
    this._set(key, { sending: true, problem: null, open: [] });
    try {
      const receipt = await this._ask<IQuizReceipt>(
        `${this._path()}/${encodeURIComponent(key)}/attempts`,
        {
          method: 'POST',
          body: JSON.stringify({ key: name, answers, version: this._version })
        }
      );
      this._drafts.taken(place);
      this.quizzes = (this.quizzes ?? []).map(quiz => (quiz.key === key ? receipt.quiz : quiz));
      this._set(key, QUIET);
      this._answered.emit(receipt);
    } catch (reason) {
      const problem = asProblem(reason);
      if (problem.decided) {
        this._drafts.refused(place);
      }
      this._set(key, { sending: false, problem });
      if (problem.status === 409 || problem.status === 403) {
        await this.load();
      }
    }
  }

  private _path(): string {
    const { course, lesson } = this._own;
    return `courses/${encodeURIComponent(course)}/lessons/${encodeURIComponent(lesson)}/quizzes`;
  }

  /** Options have other places in another version, so each has its own answers. */
  private _place(key: string): string {
    return `${this._own.course}/${this._own.lesson}/${this._version ?? ''}/${key}`;
  }

  private _set(key: string, change: Partial<IAnswering>): void {
    this._about.set(key, { ...this.about(key), ...change });
    this._changed.emit();
  }

  private _version: number | null = null;
  private readonly _about = new Map<string, IAnswering>();
  private readonly _changed = new Signal<this, void>(this);
  private readonly _answered = new Signal<this, IQuizReceipt>(this);
}

function asProblem(reason: unknown): Problem {
  return reason instanceof Problem ? reason : new Problem(String(reason), -1);
}
