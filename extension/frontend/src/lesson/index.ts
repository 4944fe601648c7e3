/** Working in a lesson: Check, Hint, Reset, the question before Submit, receipts, locked cells. */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { codeCheckIcon, LabIcon, undoIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { IDesk } from '../desk';
import { hintIcon } from '../icons';
import { courseButton } from '../notebooks';
import { INotebookInHand } from '../tokens';
import type { Asking } from './confirm';
import { IExercise } from './exercises';
import { lock } from './locks';
import { LessonWork } from './work';

const SETTINGS = '@coursewright/course:plugin';
const PLAIN = { args: { type: 'object', properties: {} } };

interface IAct {
  id: string;
  label: string;
  caption: string;
  icon: LabIcon;
  act: (work: LessonWork, exercise: IExercise) => Promise<void>;
  /** A word for the notebook's toolbar; without one it has no button there. */
  button?: string;
}

export const lesson: JupyterFrontEndPlugin<void> = {
  id: '@coursewright/course:lesson',
  description: 'Check an exercise, get hints, begin again, and know what is handed in.',
  autoStart: true,
  requires: [IDesk],
  optional: [ICommandPalette, ISettingRegistry, IToolbarWidgetRegistry],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    toolbars: IToolbarWidgetRegistry | null
  ): void => {
    const works = new Map<NotebookPanel, LessonWork>();
    desk.opened.connect((_, { panel, belonging }) => {
      const work = new LessonWork(desk, panel, belonging);
      works.set(panel, work);
      panel.disposed.connect(() => works.delete(panel));
      lock(work, app.commands);
      void begin(work);
      app.commands.notifyCommandChanged();
    });
    desk.notebooks.currentChanged.connect(() => app.commands.notifyCommandChanged());

    const front = (): LessonWork | null => {
      const panel = desk.notebooks.currentWidget;
      return (panel && works.get(panel)) ?? null;
    };
    for (const { id, label, caption, icon, act, button } of acts(app, desk, registry)) {
      app.commands.addCommand(id, {
        label,
        caption,
        icon,
        describedBy: PLAIN,
        isEnabled: () => front() !== null,
        execute: async () => {
          const work = front();
          const exercise = work?.selected();
          if (work && exercise) {
            await act(work, exercise);
          } else {
            work?.say(desk.trans.__('This lesson has no exercise.'));
          }
        }
      });
      palette?.addItem({ command: id, category: desk.trans.__('Courses') });
      if (button) {
        toolbars?.addFactory<NotebookPanel>('Notebook', id.replace(':', '-'), panel =>
          courseButton(panel, desk.trans, {
            label: button,
            tooltip: caption,
            icon,
            onClick: () => {
              app.shell.activateById(panel.id);
              void app.commands.execute(id);
            }
          })
        );
      }
    }
    askBeforeSubmit(desk, registry, works);
    void addReceipts(desk);
  }
};

function acts(app: JupyterFrontEnd, desk: IDesk, registry: ISettingRegistry | null): IAct[] {
  const { trans } = desk;
  const check = async (work: LessonWork, exercises: IExercise[]): Promise<void> => {
    const [{ check }, seconds] = await Promise.all([
      import('./check'),
      setting(registry, 'checkLimit', 10)
    ]);
    await check(
      work,
      exercises.filter(exercise => !exercise.written),
      seconds
    );
  };
  return [
    {
      id: 'coursewright:check-exercise',
      label: trans.__('Check Exercise'),
      caption: trans.__('Run the tests that you can see, for the exercise at the selected cell'),
      icon: codeCheckIcon,
      button: trans.__('Check'),
      act: (work, exercise) => check(work, [exercise])
    },
    {
      id: 'coursewright:check-lesson',
      label: trans.__('Check All Exercises'),
      caption: trans.__('Run the tests that you can see, for every exercise of this lesson'),
      icon: codeCheckIcon,
      act: work => check(work, work.exercises())
    },
    {
      id: 'coursewright:show-hint',
      label: trans.__('Show Next Hint'),
      caption: trans.__('Show one more hint to the exercise at the selected cell'),
      icon: hintIcon,
      button: trans.__('Hint'),
      act: async (work, exercise) => (await import('./hints')).next(work, exercise)
    },
    {
      id: 'coursewright:reset-exercise',
      label: trans.__('Reset Exercise…'),
      caption: trans.__('Begin the exercise at the selected cell again; a copy is kept'),
      icon: undoIcon,
      button: trans.__('Reset exercise'),
      act: async (work, exercise) =>
        (await import('./reset')).reset(work, exercise, app.serviceManager.contents)
    }
  ];
}

/** Load what is shown below exercises as soon as there is something to show. */
async function begin(work: LessonWork): Promise<void> {
  const show = (): void => {
    if (work.shown().length) {
      work.changed.disconnect(show);
      void import('./view').then(({ keepRegions }) => {
        if (!work.panel.isDisposed) {
          keepRegions(work);
        }
      });
    }
  };
  work.changed.connect(show);
  if (work.exercises().length) {
    await (await import('./hints')).recall(work);
  }
}

function askBeforeSubmit(
  desk: IDesk,
  registry: ISettingRegistry | null,
  works: ReadonlyMap<NotebookPanel, LessonWork>
): void {
  let asking: Promise<boolean> | null = null;
  const ask = async (notebook: INotebookInHand): Promise<boolean> => {
    const work = [...works.values()].find(({ panel }) => panel.context.path === notebook.path);
    if (!work) {
      return true;
    }
    const [{ confirm }, { allowedAttempts }, when] = await Promise.all([
      import('./confirm'),
      import('./receipts'),
      setting<Asking>(registry, 'askBeforeSubmit', 'untouched')
    ]);
    const { attempts } = desk.lesson.state;
    const attempt = attempts && {
      number: (attempts[0]?.attempt ?? 0) + 1,
      allowed: allowedAttempts(desk)
    };
    return confirm(work, when, attempt, () => {
      void registry?.set(SETTINGS, 'askBeforeSubmit', 'never');
    });
  };
  desk.lesson.confirm = async notebook => {
    if (asking) {
      return false;
    }
    asking = ask(notebook);
    try {
      return await asking;
    } finally {
      asking = null;
    }
  };
}

async function addReceipts(desk: IDesk): Promise<void> {
  const { Receipts } = await import('./receipts');
  desk.addSection({
    id: 'receipts',
    place: 'lesson',
    rank: 60,
    render: () => React.createElement(Receipts, { desk })
  });
}

async function setting<T>(registry: ISettingRegistry | null, name: string, usual: T): Promise<T> {
  const settings = await registry?.load(SETTINGS);
  return (settings?.get(name).composite as T | undefined) ?? usual;
}
