/**
 * The Author panel and the roles of cells, for those who teach. The server says who does; the views
 * are loaded when they are first needed.
 */

import { ILayoutRestorer, JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, WidgetTracker } from '@jupyterlab/apputils';
import { NotebookPanel } from '@jupyterlab/notebook';
import { Poll } from '@lumino/polling';

import { IDesk } from '../desk';
import { Problem } from '../request';
import type { Author } from './author';
import { addCommands, CommandIDs } from './commands';
import { AuthorFrame } from './frame';
import type { IOptions } from './types';

const RETRY = 30_000; // milliseconds until the server is asked again who one is
const SOURCES = 'authoring/';
const PREVIEW = '/preview/';

export const author: JupyterFrontEndPlugin<void> = {
  id: '@coursewright/course:author',
  description: 'Request, edit, check and publish courses.',
  autoStart: true,
  requires: [IDesk],
  optional: [ICommandPalette, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    palette: ICommandPalette | null,
    restorer: ILayoutRestorer | null
  ): void => {
    let options: IOptions | null = null;
    let whole: Promise<Author> | null = null;
    const load = (): Promise<Author> =>
      (whole ??= import('./author').then(
        found =>
          new found.Author(desk, app.commands, async () => {
            options ??= await desk.ask<IOptions>('author/options');
            return options;
          })
      ));
    const views = new WidgetTracker({ namespace: 'coursewright-author' });
    const ways = {
      request: () => void app.commands.execute(CommandIDs.request),
      watch: (id: number) => void app.commands.execute(CommandIDs.watch, { id })
    };
    const frame = new AuthorFrame(desk.trans, async () => (await load()).panel(ways));
    addCommands({ app, desk, palette, frame, views, load, isAuthor: () => options !== null });
    void restorer?.restore(views, {
      command: CommandIDs.watch,
      args: widget => ({ id: Number(widget.id.split('-').pop()) || 0 }),
      name: widget => widget.id
    });

    showBars(desk, load);

    const memory = `coursewright:${desk.settings.baseUrl}:author`;
    const place = (): void => app.shell.add(frame, 'left', { rank: 51, type: 'Author' });
    restorer?.add(frame, frame.id);
    if (window.localStorage.getItem(memory)) {
      place(); // so that the layout is as it was left; the server decides in a moment
    }
    void app.restored.then(() =>
      admit(desk, found => {
        options = found;
        if (!found) {
          window.localStorage.removeItem(memory);
          frame.dispose();
          return;
        }
        window.localStorage.setItem(memory, 'yes');
        if (!frame.isAttached) {
          place();
        }
        Object.values(CommandIDs).forEach(id => app.commands.notifyCommandChanged(id));
      })
    );
  }
};

/** Source notebooks have bars above their cells; what a student would get has none. */
function showBars(desk: IDesk, load: () => Promise<Author>): void {
  const take = async (panel: NotebookPanel): Promise<void> => {
    await panel.context.ready;
    const { path } = panel.context;
    if (path.startsWith(SOURCES) && !path.includes(PREVIEW) && !panel.isDisposed) {
      (await load()).show(panel, true);
    }
  };
  desk.notebooks.forEach(panel => void take(panel));
  desk.notebooks.widgetAdded.connect((_, panel) => void take(panel));
}

/** Ask who one is until the server has decided; only authors get the panel. */
function admit(desk: IDesk, decided: (options: IOptions | null) => void): void {
  const poll = new Poll<void>({
    name: 'coursewright:author-options',
    standby: 'when-hidden',
    frequency: { interval: RETRY, max: RETRY * 10, backoff: true },
    factory: async () => {
      try {
        const found = await desk.ask<IOptions>('author/options?no_track_activity=1');
        poll.dispose();
        decided(found);
      } catch (reason) {
        if (!(reason instanceof Problem) || reason.decided) {
          poll.dispose();
          decided(null);
        } else {
          throw reason;
        }
      }
    }
  });
}
