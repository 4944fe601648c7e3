/** Differences between two notebooks, in nbdime's own view: a tab of the main area. */

import { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, showErrorMessage } from '@jupyterlab/apputils';
import { IEditorServices } from '@jupyterlab/codeeditor';
import { INotebookContent } from '@jupyterlab/nbformat';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator } from '@jupyterlab/translation';
import { Widget } from '@lumino/widgets';
import type { IDiffEntry } from 'nbdime/lib/diff/diffentries';

import { IDesk } from '../desk';

export interface IShowDiff {
  title: string;
  base: INotebookContent;
  remote: INotebookContent;
  baseLabel: string;
  remoteLabel: string;
}

/** What POST coursewright/api/diff answers. */
export interface IDifference {
  base: INotebookContent;
  diff: IDiffEntry[];
}

/** A tab that can be stepped through, change by change. */
export interface ISteps extends Widget {
  step(by: 1 | -1): void;
}

namespace CommandIDs {
  export const show = 'coursewright:show-diff';
  export const next = 'coursewright:next-change';
  export const previous = 'coursewright:previous-change';
}

const NOTEBOOK = { type: 'object', description: 'A whole notebook, nbformat 4' };
const SHOWN = '.jp-Coursewright-diff';

export const diff: JupyterFrontEndPlugin<void> = {
  id: '@coursewright/course:diff',
  description: 'Shows two notebooks side by side.',
  autoStart: true,
  requires: [IDesk, IEditorServices, IRenderMimeRegistry],
  optional: [ICommandPalette, ITranslator],
  activate: (
    app: JupyterFrontEnd,
    desk: IDesk,
    editors: IEditorServices,
    rendermime: IRenderMimeRegistry,
    palette: ICommandPalette | null,
    translator: ITranslator | null
  ): void => {
    const { commands, shell } = app;
    const { trans } = desk;

    const inFront = (): ISteps | null => {
      const current = shell.currentWidget;
      const content = current instanceof MainAreaWidget ? current.content : null;
      return content?.hasClass(SHOWN.slice(1)) ? (content as ISteps) : null;
    };
    shell.currentChanged?.connect(() => {
      commands.notifyCommandChanged(CommandIDs.next);
      commands.notifyCommandChanged(CommandIDs.previous);
    });

    commands.addCommand(CommandIDs.show, {
      label: trans.__('Show Differences'),
      caption: trans.__('Show two notebooks side by side'),
      describedBy: {
        args: {
          type: 'object',
          properties: {
            title: { type: 'string' },
            base: NOTEBOOK,
            remote: NOTEBOOK,
            baseLabel: { type: 'string' },
            remoteLabel: { type: 'string' }
          },
          required: ['title', 'base', 'remote', 'baseLabel', 'remoteLabel']
        }
      },
      execute: async args => {
        const asked = args as unknown as IShowDiff;
        try {
          const found = await desk.ask<IDifference>('diff', {
            method: 'POST',
            body: JSON.stringify({ base: asked.base, remote: asked.remote })
          });
          const { shownDiff } = await import('./view');
          const widget = shownDiff(asked, found, {
            editors,
            rendermime,
            translator: translator ?? undefined,
            trans
          });
          shell.add(widget, 'main', { mode: 'tab-after' });
          shell.activateById(widget.id);
        } catch (reason) {
          const sentence = reason instanceof Error ? reason.message : String(reason);
          await showErrorMessage(
            trans.__('The differences cannot be shown'),
            sentence || trans.__('Your server does not answer. Try again soon.')
          );
        }
      }
    });
    const steps = [
      [CommandIDs.next, trans.__('Next Change'), 1, 'F7'],
      [CommandIDs.previous, trans.__('Previous Change'), -1, 'Shift F7']
    ] as const;
    for (const [command, label, by, key] of steps) {
      commands.addCommand(command, {
        label,
        caption: trans.__('Among the differences in front'),
        describedBy: { args: { type: 'object', properties: {} } },
        isEnabled: () => inFront() !== null,
        execute: () => inFront()?.step(by)
      });
      commands.addKeyBinding({ command, keys: [key], selector: SHOWN });
      palette?.addItem({ command, category: trans.__('Courses') });
    }
  }
};
