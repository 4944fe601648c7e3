/** The author's commands: in the palette, in the menu Courses, and behind the panel's buttons. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, Notification, WidgetTracker } from '@jupyterlab/apputils';
import { Widget } from '@lumino/widgets';

import { IDesk } from '../desk';
import { bringForward } from '../forward';
import { ITrans } from '../words';
import type { Author } from './author';
import { authorIcon } from './icon';
import type { AuthorModel } from './model';
import type { IFolder } from './types';

export namespace CommandIDs {
  export const open = 'coursewright:open-author';
  export const request = 'coursewright:request-course';
  export const watch = 'coursewright:open-generation';
  export const check = 'coursewright:check-course';
  export const preview = 'coursewright:preview-lesson';
  export const compare = 'coursewright:compare-lesson';
  export const publish = 'coursewright:publish-course';
  export const roles = 'coursewright:toggle-cell-roles';
}

interface IParts {
  app: JupyterFrontEnd;
  desk: IDesk;
  palette: ICommandPalette | null;
  frame: Widget;
  views: WidgetTracker;
  load: () => Promise<Author>;
  isAuthor: () => boolean;
}

const NO_ARGUMENTS = { args: { type: 'object' as const, properties: {} } };

export function addCommands(parts: IParts): void {
  const { desk, palette } = parts;
  addViews(parts);
  addActs(parts);
  addRoles(parts);
  for (const command of Object.values(CommandIDs)) {
    if (command !== CommandIDs.watch) {
      palette?.addItem({ command, category: desk.trans.__('Courses') });
    }
  }
}

/** The panel, the form, and one view for each course that is made. */
function addViews({ app, desk, frame, views, load, isAuthor }: IParts): void {
  const { trans } = desk;
  const show = async (id: string, make: () => MainAreaWidget | Promise<MainAreaWidget>) => {
    let widget = views.find(one => one.id === id) as MainAreaWidget | undefined;
    if (!widget) {
      widget = await make();
      app.shell.add(widget, 'main', { type: 'Author' });
      await views.add(widget);
    }
    app.shell.activateById(id);
  };
  app.commands.addCommand(CommandIDs.open, {
    label: trans.__('Open Author Panel'),
    caption: trans.__('Request, edit, check and publish courses'),
    icon: authorIcon,
    describedBy: NO_ARGUMENTS,
    isVisible: isAuthor,
    execute: () => bringForward(app.shell, frame.id)
  });
  app.commands.addCommand(CommandIDs.request, {
    label: trans.__('Request a Course…'),
    caption: trans.__('Ask for a course on a topic'),
    describedBy: NO_ARGUMENTS,
    isVisible: isAuthor,
    execute: async () => {
      const author = await load();
      const ordered = (id: number): void => {
        views.find(one => one.id === 'coursewright-request')?.dispose();
        void app.commands.execute(CommandIDs.watch, { id });
      };
      await show('coursewright-request', () => author.form(ordered));
    }
  });
  app.commands.addCommand(CommandIDs.watch, {
    label: trans.__('Open a Requested Course'),
    caption: trans.__('Show how far a requested course is'),
    describedBy: {
      args: {
        type: 'object',
        properties: { id: { type: 'number', description: 'The number of the request' } },
        required: ['id']
      }
    },
    isVisible: isAuthor,
    execute: async ({ id }) => {
      const number = Number(id);
      if (number > 0) {
        const author = await load();
        await show(`coursewright-generation-${number}`, () => author.watch(number));
      }
    }
  });
}

interface IAct {
  id: string;
  label: string;
  caption: string;
  /** Whether it goes on in the panel. */
  asks: boolean;
  run: (model: AuthorModel, folder: IFolder, path: string) => Promise<void> | void;
}

/** What can be done with the lesson in front, or its course. */
function acts(trans: ITrans): IAct[] {
  return [
    {
      id: CommandIDs.check,
      label: trans.__('Check All of This Course'),
      caption: trans.__('Put every lesson of the course in front to every gate'),
      asks: true,
      run: (model, { folder }) => model.check(folder)
    },
    {
      id: CommandIDs.preview,
      label: trans.__('Preview Lesson as Student'),
      caption: trans.__('Show the lesson in front as students will get it'),
      asks: false,
      run: (model, { folder }, path) => model.preview(folder, path)
    },
    {
      id: CommandIDs.compare,
      label: trans.__('Differences to the Published Version'),
      caption: trans.__('Compare the lesson in front with what is published of it'),
      asks: false,
      run: (model, folder, path) => model.compare(folder, path)
    },
    {
      id: CommandIDs.publish,
      label: trans.__('Publish This Course…'),
      caption: trans.__('Make a new version of the course in front'),
      asks: true,
      run: (model, { folder }) => model.show({ name: 'publish', folder })
    }
  ];
}

function addActs({ app, desk, frame, load, isAuthor }: IParts): void {
  const { notebooks, trans } = desk;
  const inFront = (): boolean =>
    isAuthor() &&
    Boolean(notebooks.currentWidget?.context.path.startsWith('authoring/')) &&
    notebooks.currentWidget === app.shell.currentWidget;
  for (const { id, label, caption, asks, run } of acts(trans)) {
    app.commands.addCommand(id, {
      label,
      caption,
      describedBy: NO_ARGUMENTS,
      isVisible: isAuthor,
      isEnabled: inFront,
      execute: async () => {
        const { model } = await load();
        const path = notebooks.currentWidget?.context.path ?? '';
        await model.refresh();
        const found = model.bench.current(model.state.folders ?? []);
        if (!found) {
          Notification.warning(
            trans.__('%1 is not a lesson of a course below authoring/.', path)
          );
          return;
        }
        model.show({ name: 'folder', folder: found.folder.folder });
        await run(model, found.folder, path);
        if (asks || model.state.problem) {
          app.shell.activateById(frame.id);
        }
      }
    });
  }
}

function addRoles({ app, desk, load, isAuthor }: IParts): void {
  const { trans, notebooks } = desk;
  let loaded: Author | null = null;
  app.commands.addCommand(CommandIDs.roles, {
    label: trans.__('Show Roles of Cells'),
    caption: trans.__('A bar above each cell: solution, test, points, promises'),
    describedBy: NO_ARGUMENTS,
    isVisible: isAuthor,
    isEnabled: () => notebooks.currentWidget !== null,
    isToggled: () =>
      Boolean(notebooks.currentWidget && loaded?.isShown(notebooks.currentWidget)),
    execute: async () => {
      loaded = await load();
      const panel = notebooks.currentWidget;
      if (panel) {
        loaded.show(panel, !loaded.isShown(panel));
        app.commands.notifyCommandChanged(CommandIDs.roles);
      }
    }
  });
}
