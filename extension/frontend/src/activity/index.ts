/**
 * Tells the course service in which lesson somebody is at work, so that whoever teaches can help.
 * Nothing depends on it: what cannot be told is forgotten, and it does not count as using the
 * server, so that an idle one is still stopped.
 */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { NotebookPanel } from '@jupyterlab/notebook';

import { IDesk, IOpenLesson } from '../desk';
import { Problem } from '../request';
import { exerciseAt, IFlags, isDue } from './where';

/** Milliseconds between two looks at whether there is something to tell. */
const LOOK = 5_000;

export const activity: JupyterFrontEndPlugin<void> = {
  id: '@coursewright/course:activity',
  description: 'Tells those who teach where somebody is at work.',
  autoStart: true,
  requires: [IDesk],
  activate: (app: JupyterFrontEnd, desk: IDesk): void => {
    const teller = new Teller(app, desk);
    for (const name of ['pointerdown', 'keydown', 'wheel'] as const) {
      document.addEventListener(name, () => teller.touch(), { capture: true, passive: true });
    }
    desk.opened.connect((_, lesson) => teller.opened(lesson));
    desk.notebooks.currentChanged.connect(() => teller.look());
    window.setInterval(() => teller.look(), LOOK);
  }
};

class Teller {
  constructor(
    private readonly _app: JupyterFrontEnd,
    private readonly _desk: IDesk
  ) {}

  touch(): void {
    this._touched = Date.now();
  }

  opened(lesson: IOpenLesson): void {
    this.touch();
    void this._tell('learning.opened', lesson, null).then(() => this.look());
  }

  /** Tell where somebody is, when that is due. */
  look(): void {
    const lesson = this._inFront();
    if (!lesson) {
      return;
    }
    const exercise = exerciseOf(lesson.panel);
    const place = `${lesson.belonging.course}/${lesson.belonging.lesson}/${exercise ?? ''}`;
    const now = Date.now();
    const visible = !document.hidden;
    const moved = place !== this._place;
    const { _told: told, _touched: touched } = this;
    if (isDue({ now, told, touched, visible, moved })) {
      this._told = now;
      this._place = place;
      void this._tell('learning.here', lesson, exercise);
    }
  }

  private _inFront(): IOpenLesson | undefined {
    const { currentWidget } = this._app.shell;
    const front = this._desk.notebooks.currentWidget;
    // Beside the notebook somebody may read a panel; another document is another matter.
    if (!front || (currentWidget && currentWidget !== front && !front.isVisible)) {
      return undefined;
    }
    return this._desk.lessons().find(lesson => lesson.panel === front);
  }

  private async _tell(name: string, at: IOpenLesson, exercise: string | null): Promise<void> {
    const { course, lesson } = at.belonging;
    const path = `courses/${encodeURIComponent(course)}/activity?no_track_activity=1`;
    const send = (key: string | null): Promise<unknown> => {
      const body = JSON.stringify({ name, lesson, exercise: key, detail: {} });
      return this._desk.ask(path, { method: 'POST', body });
    };
    try {
      await send(exercise);
    } catch (reason) {
      // An older notebook may have an exercise that the course no longer has.
      if (exercise !== null && reason instanceof Problem && reason.decided) {
        await send(null).catch(() => undefined);
      }
    }
  }

  private _told = 0;
  private _touched = Date.now();
  private _place = '';
}

function exerciseOf(panel: NotebookPanel): string | null {
  const { widgets, activeCellIndex } = panel.content;
  const flags = widgets.map(cell => cell.model.getMetadata('nbgrader') as IFlags | null);
  return exerciseAt(flags, activeCellIndex);
}
