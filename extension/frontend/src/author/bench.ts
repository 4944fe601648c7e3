/** The author's files in JupyterLab: opened, saved, compared, and the cells that one jumps to. */

import { IDocumentManager } from '@jupyterlab/docmanager';
import type { INotebookContent } from '@jupyterlab/nbformat';
import { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { CommandRegistry } from '@lumino/commands';
import { JSONExt } from '@lumino/coreutils';

import { Problem } from '../request';
import { ITrans } from '../words';
import { AuthorCalls } from './calls';
import { IFolder, IFolderLesson } from './types';

export class Bench {
  constructor(
    private readonly _calls: AuthorCalls,
    private readonly _documents: IDocumentManager,
    private readonly _notebooks: INotebookTracker,
    private readonly _commands: CommandRegistry,
    private readonly _trans: ITrans
  ) {}

  open(path: string): void {
    this._documents.openOrReveal(path);
  }

  /** Write what is open and changed, so that the server sees what the author sees. */
  async save(folder: string): Promise<void> {
    const open: NotebookPanel[] = [];
    this._notebooks.forEach(panel => open.push(panel));
    for (const { context } of open) {
      if (context.path.startsWith(`${folder}/`) && (await this._isChanged(context))) {
        await context.save();
        if (context.model.dirty) {
          throw new Problem(
            this._trans.__(
              '%1 could not be saved, so nothing was sent. Save it and try again.',
              context.path
            ),
            -1
          );
        }
      }
    }
  }

  async preview(folder: string, path: string): Promise<void> {
    await this.save(folder);
    const shown = await this._calls.preview(path);
    const panel = this._documents.findWidget(shown);
    if (panel instanceof NotebookPanel) {
      await panel.context.revert();
    }
    this._documents.openOrReveal(shown);
  }

  async compare(folder: string, lesson: IFolderLesson): Promise<void> {
    await this.save(folder);
    const { base, remote } = await this._calls.published(lesson.path);
    if (base === null) {
      throw new Problem(
        this._trans.__(
          '“%1” is not published yet, so there is nothing to compare it with.',
          lesson.title
        ),
        -1
      );
    }
    await this._commands.execute('coursewright:show-diff', {
      title: lesson.title,
      base,
      // Which kernel wrote the file is no change of the author's.
      remote: { ...remote, metadata: { ...remote.metadata, ...kernelOf(base) } },
      baseLabel: this._trans.__('Published'),
      remoteLabel: this._trans.__('Yours')
    } as never);
  }

  /** The lessons of the folder that are not as they are published. */
  async differing(folder: IFolder): Promise<Map<string, 'new' | 'changed'>> {
    await this.save(folder.folder);
    const found = new Map<string, 'new' | 'changed'>();
    for (const lesson of folder.lessons) {
      const { base, remote } = await this._calls.published(lesson.path);
      if (base === null) {
        found.set(lesson.key, 'new');
      } else if (!JSONExt.deepEqual(base.cells as never, remote.cells as never)) {
        found.set(lesson.key, 'changed');
      }
    }
    return found;
  }

  /** Show a cell of a notebook; without an id, the notebook. */
  async jump(path: string, cell: string | null): Promise<void> {
    const panel = this._documents.openOrReveal(path);
    if (!(panel instanceof NotebookPanel) || cell === null) {
      return;
    }
    await panel.context.ready;
    await panel.revealed;
    const index = panel.content.widgets.findIndex(widget => widget.model.id === cell);
    if (index >= 0) {
      panel.content.activeCellIndex = index;
      panel.content.mode = 'command';
      await panel.content.scrollToItem(index, 'center');
      panel.content.activate();
    }
  }

  /** The lesson in front, where it is one of these folders. */
  current(folders: readonly IFolder[]): { folder: IFolder; lesson: IFolderLesson } | null {
    const path = this._notebooks.currentWidget?.context.path;
    for (const folder of folders) {
      const lesson = folder.lessons.find(one => one.path === path);
      if (lesson) {
        return { folder, lesson };
      }
    }
    return null;
  }

  /**
   * Whether the author changed something. That a kernel told its language makes a notebook dirty
   * too; to save that alone would make another document than the one that was checked.
   */
  private async _isChanged(context: NotebookPanel['context']): Promise<boolean> {
    if (!context.model.dirty) {
      return false;
    }
    const { contents } = this._documents.services;
    const saved = (await contents.get(context.path, { content: true })).content as INotebookContent;
    const now = context.model.toJSON() as unknown as INotebookContent;
    return !JSONExt.deepEqual(byAuthor(saved) as never, byAuthor(now) as never);
  }
}

/** The parts of a notebook that its author writes. */
function byAuthor({ cells, metadata }: INotebookContent): unknown {
  const { kernelspec: _, language_info: __, ...rest } = metadata;
  const parts = cells.map(cell => ({
    ...cell,
    source: Array.isArray(cell.source) ? cell.source.join('') : cell.source
  }));
  return JSON.parse(JSON.stringify({ parts, rest }));
}

function kernelOf({ metadata }: INotebookContent): Partial<INotebookContent['metadata']> {
  const { kernelspec, language_info } = metadata;
  return { kernelspec, language_info };
}
