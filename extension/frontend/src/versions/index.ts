/** Tells of new versions of the lessons that are open, and brings them over. */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, Notification, showErrorMessage } from '@jupyterlab/apputils';
import { IStateDB } from '@jupyterlab/statedb';
import { Poll } from '@lumino/polling';

import { IDesk, IOpenLesson } from '../desk';
import type { VersionBar } from './bar';
import { compare, showChanges } from './compare';
import { UpdateModel } from './model';
import { OpenNotebook } from './notebook';

const MINUTES = 5; // between two looks, while the page is visible

namespace CommandIDs {
  export const look = 'coursewright:look-for-version';
  export const update = 'coursewright:update-lesson';
  export const undo = 'coursewright:undo-update';
}

const COMMANDS = [CommandIDs.look, CommandIDs.update, CommandIDs.undo];

/** An open lesson with what is known of its versions. */
interface IWatched {
  notebook: OpenNotebook;
  model: UpdateModel;
}

export const versions: JupyterFrontEndPlugin<void> = {
  id: '@coursewright/course:versions',
  description: 'Brings new versions of lessons into notebooks, around what students wrote.',
  autoStart: true,
  requires: [IDesk],
  optional: [ICommandPalette, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    palette: ICommandPalette | null,
    memory: IStateDB | null
  ): void => {
    const watched = new Map<string, IWatched>();

    const look = async (): Promise<void> => {
      for (const { model } of watched.values()) {
        await model.look().catch(reason => {
          console.warn('Coursewright: new versions could not be looked for.', reason);
        });
      }
    };
    const take = ({ panel }: IOpenLesson): void => {
      const notebook = new OpenNotebook(panel, desk, memory);
      const model = new UpdateModel(notebook);
      watched.set(panel.id, { notebook, model });
      panel.disposed.connect(() => watched.delete(panel.id));
      showBar(app, desk, notebook, model);
      COMMANDS.forEach(command => app.commands.notifyCommandChanged(command));
      void look();
    };
    desk.lessons().forEach(take);
    desk.opened.connect((_, lesson) => take(lesson));

    let known = 0;
    desk.courses.changed.connect(courses => {
      const version = courses.state.course?.version ?? known;
      if (version !== known) {
        known = version;
        void look();
      }
    });
    new Poll({
      name: 'coursewright:versions',
      standby: 'when-hidden',
      frequency: { interval: MINUTES * 60_000, backoff: true },
      factory: look
    });

    addCommands(app, desk, palette, () => watched.get(desk.notebooks.currentWidget?.id ?? ''));
  }
};

function addCommands(
  app: JupyterFrontEnd,
  desk: IDesk,
  palette: ICommandPalette | null,
  inFront: () => IWatched | undefined
): void {
  const { trans } = desk;
  const commands: [string, string, string, (lesson: IWatched) => Promise<void>][] = [
    [
      CommandIDs.look,
      trans.__('Look for a New Version of This Lesson'),
      trans.__('Ask the course whether the lesson in front has changed'),
      async ({ model }) => {
        await model.look();
        if (model.state.step === 'nothing') {
          Notification.info(trans.__('There is no newer version of this lesson to tell of.'));
        }
      }
    ],
    [
      CommandIDs.update,
      trans.__('Update This Lesson'),
      trans.__('Bring the new version into the notebook in front; what you wrote stays'),
      ({ model }) => model.update()
    ],
    [
      CommandIDs.undo,
      trans.__('Undo the Update of This Lesson'),
      trans.__('Bring the notebook in front back to before its last update'),
      ({ model }) => model.undo()
    ]
  ];
  for (const [command, label, caption, act] of commands) {
    app.commands.addCommand(command, {
      label,
      caption,
      describedBy: { args: { type: 'object', properties: {} } },
      isEnabled: () => inFront() !== undefined,
      execute: async () => {
        const lesson = inFront();
        if (lesson) {
          await act(lesson).catch(reason => told(desk, reason));
          const { step, problem } = lesson.model.state;
          if (problem && step === 'nothing') {
            lesson.model.close();
            await told(desk, problem);
          }
        }
      }
    });
    palette?.addItem({ command, category: trans.__('Courses') });
  }
  desk.notebooks.currentChanged.connect(() => {
    COMMANDS.forEach(command => app.commands.notifyCommandChanged(command));
  });
}

/** A command that failed without a bar to say so says it in a dialog. */
async function told(desk: IDesk, reason: unknown): Promise<void> {
  await showErrorMessage(
    desk.trans.__('The notebook was left as it is'),
    (reason instanceof Error && reason.message) ||
      desk.trans.__('Your server does not answer. Try again soon.')
  );
}

/** Put the bar above the notebook once there is something to say. */
function showBar(
  app: JupyterFrontEnd,
  desk: IDesk,
  notebook: OpenNotebook,
  model: UpdateModel
): void {
  const { panel } = notebook;
  let bar: Promise<VersionBar> | null = null;
  model.changed.connect(() => {
    if (model.state.step === 'nothing' || bar) {
      return;
    }
    bar = import('./bar').then(({ VersionBar }) => {
      const made = new VersionBar(model, desk.trans, {
        showChanges: () => void showChanges(app, desk, notebook, model),
        compare: conflict => void compare(app, desk, conflict),
        show: id => notebook.show(id)
      });
      if (!panel.isDisposed) {
        panel.contentHeader.addWidget(made);
      }
      return made;
    });
  });
}
