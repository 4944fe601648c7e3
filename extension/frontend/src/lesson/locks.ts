/**
 * Cells that are the course's: they look so, cannot be typed into, and stay when somebody deletes.
 * Only the view is made read-only; nothing of this is written into the notebook.
 */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { Cell, MarkdownCell } from '@jupyterlab/cells';
import { NotebookActions } from '@jupyterlab/notebook';
import { lockIcon } from '@jupyterlab/ui-components';
import { PanelLayout, Widget } from '@lumino/widgets';

import { ITrans } from '../words';
import { isKept, isLocked, role } from './exercises';
import { facts, LessonWork } from './work';

type Commands = JupyterFrontEnd['commands'];

const MARKED = 'jp-Coursewright-locked';
const REMOVING = /^notebook:(delete-cell|cut-cell|merge-cells|merge-cell-(above|below))$/;

export function lock(work: LessonWork, commands: Commands): void {
  const { panel, desk } = work;
  const cells = panel.model?.cells;
  if (!cells) {
    return;
  }
  const guard = new Guard(work);
  const mark = (): void => panel.content.widgets.forEach(cell => take(cell, desk.trans));
  const changed = (): void => {
    guard.note();
    // A cell that is moved gets a new widget, which is there when the change is done.
    queueMicrotask(() => {
      if (!panel.isDisposed) {
        mark();
      }
    });
  };
  mark();
  cells.changed.connect(changed);
  const executed = (_: Commands, { id }: { id: string }): void => {
    if (REMOVING.test(id) && desk.notebooks.currentWidget === panel) {
      guard.refuse();
    }
  };
  commands.commandExecuted.connect(executed);
  panel.disposed.connect(() => {
    cells.changed.disconnect(changed);
    commands.commandExecuted.disconnect(executed);
  });
}

/** Make one cell look and behave as what it is. */
function take(cell: Cell, trans: ITrans): void {
  const about = facts(cell.model);
  if (cell.hasClass(MARKED) || !isLocked(about)) {
    return;
  }
  cell.addClass(MARKED);
  cell.syncEditable = false;
  cell.readOnly = true;
  if (cell instanceof MarkdownCell) {
    cell.showEditorForReadOnly = false;
  }
  void cell.ready.then(() => {
    if (!cell.isDisposed) {
      const text = role(about) === 'tests' ? trans.__('Test: read only') : trans.__('Read only');
      (cell.layout as PanelLayout).insertWidget(0, label(text));
    }
  });
}

function label(text: string): Widget {
  const widget = new Widget();
  widget.addClass('jp-Coursewright-lock');
  lockIcon.element({ container: widget.node, width: '12px', height: '12px' });
  widget.node.append(text);
  return widget;
}

/** Notices when a cell that the lesson needs is to go. */
class Guard {
  constructor(private readonly _work: LessonWork) {
    this._known = this._kept();
  }

  /** The cells changed; what they were before counts until the act that did it is over. */
  note(): void {
    if (!this._changing) {
      this._changing = true;
      queueMicrotask(() => {
        this._changing = false;
        this._known = this._kept();
      });
    }
  }

  /** Somebody just deleted, cut or merged what was selected. */
  refuse(): void {
    const { panel, desk } = this._work;
    const now = this._kept();
    const lost = [...this._known].some(id => !now.has(id));
    const active = panel.content.activeCell;
    const refused = !this._changing && active && isKept(facts(active.model));
    if (lost) {
      NotebookActions.undo(panel.content);
    }
    if (lost || refused) {
      const text = desk.trans.__(
        'This cell belongs to the lesson, so it stays. Your own cells you can delete.'
      );
      Notification.warning(text, { autoClose: 5000 });
      this._work.say(text);
    }
  }

  private _kept(): Set<string> {
    return new Set(
      this._work
        .cells()
        .filter(isKept)
        .map(cell => cell.id)
    );
  }

  private _changing = false;
  private _known: Set<string>;
}
