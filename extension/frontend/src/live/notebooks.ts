/** The open course notebooks and the marks in them. */

import { INotebookContent } from '@jupyterlab/nbformat';

import { IDesk, IOpenLesson } from '../desk';
import { ISubmission } from '../tokens';
import { Arrivals, IArrival } from './arrivals';
import type { InlineMarks } from './inline';
import { answersIn, marked } from './marks';

interface IShown extends IOpenLesson {
  marks: InlineMarks | null;
  attempt: number | null;
}

export class MarkedNotebooks {
  constructor(
    private readonly _desk: IDesk,
    private readonly _arrivals: Arrivals
  ) {
    _desk.lessons().forEach(open => this._take(open));
    _desk.opened.connect((_, open) => this._take(open));
    _desk.notebooks.currentChanged.connect(() => this.look());
    _arrivals.arrived.connect((_, arrival) => void this._arrived(arrival));
    document.addEventListener('visibilitychange', () => this.look());
  }

  /** Feedback counts as seen once its notebook is in front with the marks in it. */
  look(): void {
    const front = this._shown.find(one => one.panel === this._desk.notebooks.currentWidget);
    if (front?.attempt && front.panel.isVisible && document.visibilityState === 'visible') {
      void this._seen(front.attempt, front.belonging.course);
    }
  }

  /** Load the newest marks of every open notebook, after a time without news. */
  async refresh(): Promise<void> {
    await Promise.all(this._shown.map(one => this._load(one)));
  }

  private async _seen(submission: number, course: string): Promise<void> {
    if (await this._arrivals.seen(submission)) {
      await this._desk.courses.freshen(course);
    }
  }

  private _take(open: IOpenLesson): void {
    const shown: IShown = { ...open, marks: null, attempt: null };
    this._shown.push(shown);
    open.panel.disposed.connect(() => {
      this._shown = this._shown.filter(one => one !== shown);
    });
    void this._load(shown);
  }

  private async _load(shown: IShown): Promise<void> {
    const { course, lesson } = shown.belonging;
    try {
      const attempt = marked(await this._desk.api.submissions(course, lesson, true));
      if (attempt) {
        await this._mark(shown, attempt);
      }
    } catch {
      console.warn('Coursewright: the marks of this lesson could not be loaded.');
    }
  }

  private async _arrived({ course, lesson, attempt }: IArrival): Promise<void> {
    const open = this._shown.filter(
      one => one.belonging.course === course && one.belonging.lesson === lesson
    );
    if (attempt.state === 'graded') {
      await Promise.all(open.map(one => this._mark(one, attempt)));
    }
  }

  private async _mark(shown: IShown, attempt: ISubmission): Promise<void> {
    const { InlineMarks } = await import('./inline');
    if (shown.panel.isDisposed || (shown.attempt ?? 0) > attempt.id) {
      return;
    }
    shown.marks ??= new InlineMarks(shown.panel, this._desk.trans);
    shown.marks.show(attempt);
    shown.attempt = attempt.id;
    this.look();
    const answers = await this._answers(attempt.id);
    if (!shown.panel.isDisposed && shown.attempt === attempt.id) {
      shown.marks.answers = answers;
    }
  }

  /** Without what was handed in, nothing is said of changes since. */
  private async _answers(submission: number): Promise<ReadonlyMap<string, string>> {
    try {
      return answersIn((await handedIn(this._desk, submission)).cells as object[]);
    } catch {
      return new Map();
    }
  }

  private _shown: IShown[] = [];
}

/** The notebook of an attempt. */
export function handedIn(desk: IDesk, submission: number): Promise<INotebookContent> {
  return desk.ask(`submissions/${submission}/notebook?no_track_activity=1`);
}
