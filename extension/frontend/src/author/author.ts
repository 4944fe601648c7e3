/** Everything of the author that is loaded when it is first needed. */

import { MainAreaWidget } from '@jupyterlab/apputils';
import { FileDialog } from '@jupyterlab/filebrowser';
import { NotebookPanel } from '@jupyterlab/notebook';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import { UUID } from '@lumino/coreutils';
import * as React from 'react';

import { IDesk } from '../desk';
import { courseIcon } from '../icons';
import { Bench } from './bench';
import { AuthorCalls } from './calls';
import { CellBars } from './cellbars';
import { FolderChecks } from './checks';
import { GenerationModel } from './generation';
import { textOf } from './materialtext';
import { AuthorModel } from './model';
import { IChosenFile } from './more';
import { AuthorView, IWays } from './panel';
import { RequestForm } from './request';
import { IOptions } from './types';
import { Watch } from './watch';

/** What can be read here; of PDF, the text would have to be taken out first. */
const TEXTS = /\.(md|markdown|txt|rst|ipynb)$/i;

export class Author {
  constructor(
    private readonly _desk: IDesk,
    commands: CommandRegistry,
    private readonly _options: () => Promise<IOptions>
  ) {
    const { trans, documents, notebooks, settings } = _desk;
    this._calls = new AuthorCalls((path, init) => _desk.ask(path, init));
    const bench = new Bench(this._calls, documents, notebooks, commands, trans);
    const prefix = `coursewright:${settings.baseUrl}:check:`;
    const checks = new FolderChecks(this._calls, window.localStorage, prefix);
    this.model = new AuthorModel(this._calls, bench, checks, _desk.api);
    checks.changed.connect(() => this._bars.forEach(bars => bars.refresh()));
  }

  readonly model: AuthorModel;

  panel(ways: IWays): ReactWidget {
    return new AuthorView(this.model, this._desk.trans, ways);
  }

  /** The form in the main area; `ordered` opens what was ordered in its place. */
  async form(ordered: (id: number) => void): Promise<MainAreaWidget> {
    const options = await this._options();
    const { trans } = this._desk;
    const content = ReactWidget.create(
      React.createElement(RequestForm, {
        calls: this._calls,
        options,
        trans,
        fresh: () => UUID.uuid4(),
        pick: () => this._pick(),
        ordered: (id: number) => {
          ordered(id);
          void this.model.refresh();
        }
      })
    );
    return tab(content, 'coursewright-request', trans.__('Request a Course'));
  }

  watch(id: number): MainAreaWidget {
    const { trans } = this._desk;
    const model = new GenerationModel(this._calls, id);
    const content = ReactWidget.create(
      React.createElement(Watch, {
        model,
        trans,
        open: () => void this.model.openGeneration(id)
      })
    );
    const widget = tab(content, `coursewright-generation-${id}`, trans.__('Course %1', id));
    model.changed.connect(() => {
      widget.title.label = model.state.found?.topic ?? widget.title.label;
    });
    model.turned.connect(() => void this.model.freshen());
    widget.disposed.connect(() => model.dispose());
    return widget;
  }

  /** The bars of the cells, on or off. */
  show(panel: NotebookPanel, on: boolean): void {
    const now = this._bars.get(panel);
    if (on && !now) {
      const bars = new CellBars(panel, this._desk.trans, () => this._checkOf(panel));
      this._bars.set(panel, bars);
      panel.disposed.connect(() => this._bars.delete(panel));
      panel.context.saveState.connect((_, state) => {
        const folder = this._folderOf(panel);
        if (state === 'completed' && folder) {
          this.model.checks.touch(folder);
        }
      });
    } else if (!on && now) {
      now.dispose();
      this._bars.delete(panel);
    }
  }

  isShown(panel: NotebookPanel): boolean {
    return this._bars.has(panel);
  }

  private _folderOf(panel: NotebookPanel): string | null {
    const [root, name] = panel.context.path.split('/');
    return name ? `${root}/${name}` : null;
  }

  private _checkOf(panel: NotebookPanel): ReturnType<ConstructorParameters<typeof CellBars>[2]> {
    const folder = this._folderOf(panel);
    if (folder === null) {
      return null;
    }
    this.model.checks.recall(folder);
    const check = this.model.checks.of(folder);
    const lesson = panel.context.path.split('/').pop()?.replace(/\.ipynb$/, '') ?? '';
    return check && { check, lesson };
  }

  private async _pick(): Promise<IChosenFile[]> {
    const { documents, trans } = this._desk;
    const { value } = await FileDialog.getOpenFiles({
      manager: documents,
      title: trans.__('Your own material')
    });
    const files = (value ?? []).filter(model => TEXTS.test(model.name));
    return Promise.all(
      files.map(async ({ path, name }) => {
        const { content } = await documents.services.contents.get(path, { content: true });
        return { name, text: textOf(content) };
      })
    );
  }

  private readonly _calls: AuthorCalls;
  private readonly _bars = new Map<NotebookPanel, CellBars>();
}

function tab(content: ReactWidget, id: string, label: string): MainAreaWidget {
  content.addClass('jp-Coursewright');
  content.addClass('jp-Coursewright-page');
  const widget = new MainAreaWidget({ content });
  widget.id = id;
  widget.title.label = label;
  widget.title.icon = courseIcon;
  widget.title.closable = true;
  return widget;
}
