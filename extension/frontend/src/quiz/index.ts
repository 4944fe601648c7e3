/** Shows the quizzes of a lesson in its notebook and in the Courses panel. */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { Signal } from '@lumino/signaling';

import { IDesk, IOpenLesson } from '../desk';
import type { QuizLessons } from './lessons';

const SHOW = 'coursewright:go-to-quiz';

export const quiz: JupyterFrontEndPlugin<void> = {
  id: '@coursewright/course:quiz',
  description: 'Answer the quizzes of a lesson, and see what was right and why.',
  autoStart: true,
  requires: [IDesk, IRenderMimeRegistry],
  optional: [ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    rendermime: IRenderMimeRegistry,
    palette: ICommandPalette | null
  ): void => {
    const changed = new Signal<object, void>(desk);
    let lessons: QuizLessons | null = null;
    let loading: Promise<QuizLessons> | null = null;
    const load = async (): Promise<QuizLessons> => {
      const { QuizLessons } = await import('./lessons');
      lessons = new QuizLessons(desk, rendermime);
      lessons.changed.connect(() => {
        changed.emit();
        app.commands.notifyCommandChanged(SHOW);
      });
      return lessons;
    };
    const take = (lesson: IOpenLesson): void =>
      whenAsked(lesson, () => {
        loading ??= load();
        void loading.then(found => found.add(lesson));
      });
    desk.lessons().forEach(take);
    desk.opened.connect((_, lesson) => take(lesson));
    desk.addSection({
      id: 'quizzes',
      place: 'lesson',
      rank: 40,
      changed,
      render: () => lessons?.list() ?? null
    });
    app.commands.addCommand(SHOW, {
      label: desk.trans.__('Go to Quiz'),
      caption: desk.trans.__('Show the next quiz of the open lesson'),
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => desk.lesson.state.notebook !== null && lessons !== null,
      execute: () => lessons?.showNext()
    });
    palette?.addItem({ command: SHOW, category: desk.trans.__('Courses') });
  }
};

/** Once, as soon as a cell of the lesson stands for a quiz. */
function whenAsked({ panel }: IOpenLesson, act: () => void): void {
  const cells = panel.context.model.cells;
  const look = (): void => {
    const asks = [...cells].some(cell => {
      const own = cell.getMetadata('coursewright') as { quiz?: unknown } | undefined;
      return own?.quiz !== undefined;
    });
    if (asks) {
      cells.changed.disconnect(look);
      act();
    }
  };
  cells.changed.connect(look);
  look();
}
