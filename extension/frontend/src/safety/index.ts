/** Says how safe the work is, and brings back earlier or lost work. */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Dialog, ICommandPalette, showDialog } from '@jupyterlab/apputils';
import { IStatusBar } from '@jupyterlab/statusbar';
import * as React from 'react';

import { IDesk, IOpenLesson } from '../desk';
import { ILive } from '../live/token';
import { SafetyModel } from './model';
import { Alarm, SafetyStatus, Story, Submits } from './views';

namespace CommandIDs {
  export const show = 'coursewright:show-safety';
  export const restore = 'coursewright:restore-copy';
  export const restoreAll = 'coursewright:restore-all';
}

export const safety: JupyterFrontEndPlugin<void> = {
  id: '@coursewright/course:safety',
  description: 'Shows whether all work is safe, and restores copies of it.',
  autoStart: true,
  requires: [IDesk],
  optional: [ICommandPalette, IStatusBar, ILive],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    palette: ICommandPalette | null,
    bar: IStatusBar | null,
    live: ILive | null
  ): void => {
    const model = new SafetyModel((path, init) => desk.ask(path, init));
    follow(desk, model, live);
    addCommands(app, desk, model);
    for (const command of [CommandIDs.show, CommandIDs.restore, CommandIDs.restoreAll]) {
      palette?.addItem({ command, category: desk.trans.__('Courses') });
    }
    const show = (): void => void app.commands.execute(CommandIDs.show);
    bar?.registerStatusItem('@coursewright/course:safety', {
      item: new SafetyStatus(model, desk.trans, show),
      align: 'right',
      rank: 60
    });
    addSections(desk, model, show);
  }
};

/** Look again whenever something happened that may have changed the state. */
function follow(desk: IDesk, model: SafetyModel, live: ILive | null): void {
  const refresh = (): void => void model.refresh();
  desk.opened.connect((_, { panel }) => {
    panel.context.saveState.connect((__, state) => {
      if (state !== 'started') {
        refresh();
      }
    });
  });
  let step = desk.lesson.state.step;
  desk.lesson.changed.connect(({ state }) => {
    if (state.step !== step) {
      step = state.step;
      refresh();
    }
  });
  live?.changed.connect(() => {
    if (live.connected) {
      void model.hurry().catch(() => undefined);
    } else {
      refresh();
    }
  });
  model.sent.connect((_, { course, lesson, receipt }) => {
    if (receipt) {
      desk.lesson.arrived(course, lesson, receipt);
      void desk.courses.freshen(course);
    }
  });
}

function addCommands(app: JupyterFrontEnd, desk: IDesk, model: SafetyModel): void {
  const { trans } = desk;
  const describedBy = { args: { type: 'object', properties: {} } };
  const front = (): IOpenLesson | undefined =>
    desk.lessons().find(({ panel }) => panel === desk.notebooks.currentWidget);
  const course = (): string | null =>
    front()?.belonging.course ?? desk.courses.state.at;
  app.commands.addCommand(CommandIDs.show, {
    label: trans.__('Is My Work Safe?'),
    caption: trans.__('What is saved where, and what still waits to be sent'),
    describedBy,
    execute: async () => {
      await model.refresh();
      const waits = model.told?.online === false || model.submits.length > 0;
      const now = Dialog.okButton({ label: trans.__('Send Now') });
      const { button } = await showDialog({
        title: trans.__('Is my work safe?'),
        body: new Story(model, trans),
        buttons: [...(waits ? [now] : []), Dialog.cancelButton({ label: trans.__('Close') })]
      });
      if (button.accept) {
        await model.hurry();
      }
    }
  });
  app.commands.addCommand(CommandIDs.restore, {
    label: trans.__('Restore an Earlier Copy…'),
    caption: trans.__('Bring back the lesson in front as it was saved before'),
    describedBy,
    isEnabled: () => front() !== undefined,
    execute: async () => {
      const open = front();
      const { restoreCopy, told } = await import('./restore');
      if (open) {
        await told(trans, () => restoreCopy(desk, app.commands, open));
      }
    }
  });
  app.commands.addCommand(CommandIDs.restoreAll, {
    label: trans.__('Restore All Work of This Course'),
    caption: trans.__('Bring back every notebook of the course that is gone'),
    describedBy,
    isEnabled: () => course() !== null,
    execute: async () => {
      const key = course();
      const { restoreAll, told } = await import('./restore');
      if (key !== null) {
        await told(trans, () => restoreAll(desk, key));
      }
    }
  });
  for (const signal of [desk.notebooks.currentChanged, desk.courses.changed, desk.opened]) {
    (signal as typeof desk.courses.changed).connect(() => {
      app.commands.notifyCommandChanged(CommandIDs.restore);
      app.commands.notifyCommandChanged(CommandIDs.restoreAll);
    });
  }
}

function addSections(desk: IDesk, model: SafetyModel, open: () => void): void {
  const { trans } = desk;
  desk.addSection({
    id: 'coursewright-safety',
    place: 'top',
    rank: 5,
    render: () => React.createElement(Alarm, { model, trans, open }),
    changed: model.changed
  });
  desk.addSection({
    id: 'coursewright-submits',
    place: 'lesson',
    rank: 5,
    render: () => {
      const own = desk.lesson.state.notebook?.belonging;
      const submits = model.submits.filter(
        ({ course, lesson }) => course === own?.course && lesson === own.lesson
      );
      return React.createElement(Submits, { submits, model, trans });
    },
    changed: model.changed
  });
}
