/** Puts each quiz of an open notebook below the cell that stands for it; the file stays as it is. */

import { Cell } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ReactWidget } from '@jupyterlab/ui-components';
import { PanelLayout } from '@lumino/widgets';
import * as React from 'react';

import { ITrans } from '../words';
import { QuizForm } from './form';
import { QuizModel } from './model';

/** The key of the quiz that a cell stands for. */
export function quizKey(cell: { getMetadata(name: string): unknown }): string | null {
  const own = cell.getMetadata('coursewright') as { quiz?: { key?: unknown } } | undefined;
  const key = own?.quiz?.key;
  return typeof key === 'string' ? key : null;
}

/** The form below a cell. Keys that are pressed in it are the form's own, none the notebook's. */
class QuizWidget extends ReactWidget {
  constructor(
    private readonly _key: string,
    private readonly _model: QuizModel,
    private readonly _rendermime: IRenderMimeRegistry,
    private readonly _trans: ITrans,
    private readonly _save: () => void
  ) {
    super();
    this.addClass('jp-Coursewright-quiz');
    this.node.setAttribute('data-lm-suppress-shortcuts', 'true');
    this.node.addEventListener('keydown', event => this._onKey(event));
    // A notebook opens the editor of a cell that is clicked twice.
    this.node.addEventListener('dblclick', event => event.stopPropagation());
  }

  protected render(): React.ReactElement {
    return React.createElement(QuizForm, {
      model: this._model,
      quizKey: this._key,
      rendermime: this._rendermime,
      trans: this._trans
    });
  }

  private _onKey(event: KeyboardEvent): void {
    event.stopPropagation();
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === 's') {
      event.preventDefault();
      this._save();
    }
  }
}

export class QuizCells {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _model: QuizModel,
    private readonly _rendermime: IRenderMimeRegistry,
    private readonly _trans: ITrans
  ) {
    _panel.content.modelContentChanged.connect(this._sweep, this);
    this._sweep();
  }

  /** Show the quiz and put the focus into it. */
  async show(key: string): Promise<void> {
    const { content } = this._panel;
    const index = content.widgets.findIndex(cell => quizKey(cell.model) === key);
    if (index < 0) {
      return;
    }
    content.activeCellIndex = index;
    await content.scrollToItem(index, 'start');
    const cell = content.widgets[index];
    await cell.ready;
    const inside = '.jp-Coursewright-quiz :is(input:enabled, textarea:enabled, [tabindex], button)';
    const found = cell.node.querySelector<HTMLElement>(inside);
    (found ?? cell.node).focus();
  }

  /** Cells come and go, and are made anew when they move. */
  private _sweep(): void {
    for (const cell of this._panel.content.widgets) {
      const key = quizKey(cell.model);
      if (key !== null && cell.model.type === 'markdown' && !this._seen.has(cell)) {
        this._seen.add(cell);
        // A cell that was never in sight has nothing yet to put the form below.
        void cell.ready.then(() => this._put(cell, key));
      }
    }
  }

  private _put(cell: Cell, key: string): void {
    const layout = cell.layout as PanelLayout | null;
    if (cell.isDisposed || !layout) {
      return;
    }
    const widget = new QuizWidget(key, this._model, this._rendermime, this._trans, () => {
      void this._panel.context.save();
    });
    layout.insertWidget(layout.widgets.length - 1, widget);
  }

  private readonly _seen = new WeakSet<Cell>();
}
