/** A bar above each cell of one notebook, brought up to date as the notebook changes. */

import { Cell, ICellModel } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IDisposable } from '@lumino/disposable';
import { Debouncer } from '@lumino/polling';
import { PanelLayout } from '@lumino/widgets';

import { ITrans } from '../words';
import { CellBar, IBar } from './cellbar';
import { Facts, IChange, ISourceCell } from './cellroles';
import { atCells } from './findings';
import { IMark, wrapped } from './markers';
import { slips } from './slips';
import { ICheck, IFinding } from './types';

const PAUSE = 150; // milliseconds after a change of the notebook

export class CellBars implements IDisposable {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _trans: ITrans,
    /** The check of the folder, and which lesson of it this notebook is. */
    private readonly _check: () => { check: ICheck; lesson: string } | null
  ) {
    this._panel.content.modelContentChanged.connect(this._touch, this);
    this._panel.disposed.connect(this.dispose, this);
    this.refresh();
  }

  get isDisposed(): boolean {
    return this._later.isDisposed;
  }

  dispose(): void {
    if (this.isDisposed) {
      return;
    }
    this._later.dispose();
    this._panel.content.modelContentChanged.disconnect(this._touch, this);
    this._bars.forEach(bar => bar.dispose());
    this._bars.clear();
  }

  /** Look at every cell anew, and give each a bar. */
  refresh(): void {
    const { widgets } = this._panel.content;
    this._cells = widgets.map(cell => facts(cell.model));
    this._slips = slips(this._cells, this._trans);
    const known = this._check();
    this._findings = known ? atCells(known.check, known.lesson, this._cells) : new Map();
    this._places = new Map(widgets.map((cell, index) => [cell, index]));
    for (const cell of widgets) {
      const bar = this._bars.get(cell);
      if (bar) {
        bar.update();
      } else {
        this._add(cell);
      }
    }
  }

  private _add(cell: Cell): void {
    const bar = new CellBar(() => this._look(cell), this._trans);
    this._bars.set(cell, bar);
    cell.disposed.connect(() => this._bars.delete(cell));
    // A cell that was never in view has no parts yet.
    void cell.ready.then(() => {
      if (!bar.isDisposed && !cell.isDisposed) {
        (cell.layout as PanelLayout).insertWidget(0, bar);
      }
    });
  }

  private _look(cell: Cell): IBar | null {
    const index = this._places.get(cell);
    if (index === undefined || !this._cells[index]) {
      return null;
    }
    const { id } = this._cells[index];
    return {
      cells: this._cells,
      index,
      slips: this._slips.get(id) ?? [],
      findings: this._findings.get(id) ?? [],
      apply: changes => this._apply(changes),
      wrap: what => this._wrap(cell, what)
    };
  }

  /** All changes of one act are undone together. */
  private _apply(changes: readonly IChange[]): void {
    const { model } = this._panel.content;
    model?.sharedModel.transact(() => {
      for (const { index, source, nbgrader, own } of changes) {
        const cell = model.cells.get(index);
        write(cell, 'nbgrader', nbgrader);
        write(cell, 'coursewright', own);
        if (source !== undefined) {
          cell.sharedModel.setSource(source);
        }
      }
    });
    this.refresh();
  }

  private _wrap(cell: Cell, what: IMark): void {
    const source = cell.model.sharedModel.getSource();
    const { editor } = cell;
    const chosen = editor?.getSelection();
    const places =
      chosen && editor ? [chosen.start, chosen.end].map(at => editor.getOffsetAt(at)) : [0, 0];
    const [from, to] = [Math.min(...places), Math.max(...places)];
    const whole = from === to;
    cell.model.sharedModel.setSource(
      whole ? wrapped(source, what) : wrapped(source, what, from, to)
    );
    this.refresh();
  }

  private _touch(): void {
    void this._later.invoke().catch(() => undefined);
  }

  private readonly _later = new Debouncer(() => this.refresh(), PAUSE);
  private readonly _bars = new Map<Cell, CellBar>();
  private _places = new Map<Cell, number>();
  private _cells: ISourceCell[] = [];
  private _slips = new Map<string, string[]>();
  private _findings = new Map<string, IFinding[]>();
}

function facts(model: ICellModel): ISourceCell {
  return {
    id: model.id,
    kind: model.type,
    source: model.sharedModel.getSource(),
    nbgrader: (model.getMetadata('nbgrader') as Facts | undefined) ?? null,
    own: (model.getMetadata('coursewright') as Facts | undefined) ?? null
  };
}

/** Only what differs is written, so that nothing else of the notebook changes. */
function write(cell: ICellModel, name: string, value: Facts | null | undefined): void {
  if (value === null) {
    if (cell.getMetadata(name) !== undefined) {
      cell.deleteMetadata(name);
    }
  } else if (value !== undefined) {
    cell.setMetadata(name, value);
  }
}
