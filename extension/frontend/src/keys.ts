/**
 * The key of a submit. It is made once and kept until the server's answer is known, so that a
 * second try after a lost answer is the same submission and not another one.
 */

interface IPending {
  key: string;
  mark: string;
}

/** The part of Storage that is used, so that a reload of the page keeps the keys too. */
export interface IKeep {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

export class SubmitKeys {
  constructor(
    private readonly _keep: IKeep,
    private readonly _prefix: string,
    private readonly _fresh: () => string
  ) {}

  /** The key for sending what `mark` stands for: changed content is another submission. */
  take(lesson: string, mark: string): string {
    const pending = this._pending(lesson);
    if (pending?.mark === mark) {
      return pending.key;
    }
    const key = this._fresh();
    this._keep.setItem(this._prefix + lesson, JSON.stringify({ key, mark }));
    return key;
  }

  /** The server decided; the next submit is a new one. */
  settle(lesson: string): void {
    this._keep.removeItem(this._prefix + lesson);
  }

  private _pending(lesson: string): IPending | null {
    try {
      return JSON.parse(this._keep.getItem(this._prefix + lesson) ?? 'null') as IPending | null;
    } catch {
      return null;
    }
  }
}
