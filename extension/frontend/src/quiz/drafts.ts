/**
 * Answers that were not handed in yet, kept in the browser so that a reload loses none.
 *
 * From the moment that they are sent, until the server has decided, they stay as they are under one
 * key: sending them again is then the same attempt and never a second one. Pure.
 */

import type { IKeep } from '../keys';
import type { Answer, Answers, IQuiz } from './types';

export interface IDraft {
  readonly answers: Answers;
  /** The key under which they were sent; null while they can be changed. */
  readonly key: string | null;
}

export class Drafts {
  constructor(
    private readonly _keep: IKeep,
    private readonly _prefix: string,
    private readonly _fresh: () => string
  ) {}

  read(place: string): IDraft | null {
    const known = this._drafts.get(place);
    if (known !== undefined) {
      return known;
    }
    const found = parsed(this._keep.getItem(this._prefix + place));
    this._drafts.set(place, found);
    return found;
  }

  write(place: string, answers: Answers): void {
    this._put(place, { answers, key: null });
  }

  /** The answers are about to be sent; answers the key for it. */
  send(place: string): string {
    const draft = this.read(place);
    const key = draft?.key ?? this._fresh();
    this._put(place, { answers: draft?.answers ?? {}, key });
    return key;
  }

  /** The server refused the answers: they may be changed again. */
  refused(place: string): void {
    this.write(place, this.read(place)?.answers ?? {});
  }

  /** The server took the answers. */
  taken(place: string): void {
    this._drafts.set(place, null);
    this._keep.removeItem(this._prefix + place);
  }

  private _put(place: string, draft: IDraft): void {
    this._drafts.set(place, draft);
    try {
      this._keep.setItem(this._prefix + place, JSON.stringify(draft));
    } catch {
      // The browser keeps nothing more; the page itself still does.
    }
  }

  private readonly _drafts = new Map<string, IDraft | null>();
}

/** Whether a question has been answered at all. */
export function isAnswered(answer: Answer | undefined): boolean {
  if (typeof answer === 'string') {
    return answer.trim() !== '';
  }
  return Array.isArray(answer) ? answer.length > 0 : typeof answer === 'number';
}

/** The keys of the questions without an answer, in the order in which they are asked. */
export function unanswered(quiz: IQuiz, answers: Answers): string[] {
  return quiz.questions.map(item => item.key).filter(key => !isAnswered(answers[key]));
}

/** What another attempt begins with: what was answered last. */
export function lastAnswers(quiz: IQuiz): Answers {
  return Object.fromEntries(quiz.results.map(result => [result.key, result.answer]));
}

function parsed(text: string | null): IDraft | null {
  try {
    const found = JSON.parse(text ?? 'null') as Partial<IDraft> | null;
    if (typeof found?.answers !== 'object' || found.answers === null) {
      return null;
    }
    return { answers: found.answers, key: typeof found.key === 'string' ? found.key : null };
  } catch {
    return null;
  }
}
