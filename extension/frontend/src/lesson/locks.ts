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
const REMOVING = /^notebook:(delete-cell|cut-cell)$/;
const MERGING = /^notebook:merge-cell(s|-above|-below)$/;
/** Keys whose command JupyterLab refuses for such a cell without a word. */
const SILENT: Record<string, string> = { x: 'notebook:cut-cell', d: 'notebook:delete-cell' };
const TWICE = 1000;

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
    if (desk.notebooks.currentWidget === panel) {
      if (REMOVING.test(id)) {
        guard.refuse();
      } else if (MERGING.test(id)) {
        guard.restore();
      }
    }
  };
  commands.commandExecuted.connect(executed);
  watchKeys(work, commands, guard);
  panel.disposed.connect(() => {
    cells.changed.disconnect(changed);
    commands.commandExecuted.disconnect(executed);
  });
}

/** Say why nothing happens when a key would delete a cell that stays. */
function watchKeys({ panel }: LessonWork, commands: Commands, guard: Guard): void {
  let last = { key: '', at: 0 };
  panel.content.node.addEventListener('keydown', event => {
    const { key, timeStamp, target } = event;
    const own = (target as Element).closest('[data-lm-suppress-shortcuts]') !== null;
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !own;
    const done = key === 'x' || (last.key === key && timeStamp - last.at < TWICE);
    last = { key, at: timeStamp };
    const command = SILENT[key];
    const meant = command && done && plain && panel.content.mode === 'command';
    if (meant && !commands.isEnabled(command)) {
      guard.refuse();
    }
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

  /** Somebody just tried to delete or to cut what is selected. */
  refuse(): void {
    const active = this._work.panel.content.activeCell;
    if (!this.restore() && !this._changing && active && isKept(facts(active.model))) {
      this._explain();
    }
  }

  /** Bring back what the last act took from the lesson; whether it took something. */
  restore(): boolean {
    const now = this._kept();
    const lost = [...this._known].some(id => !now.has(id));
    if (lost) {
      NotebookActions.undo(this._work.panel.content);
      this._explain();
    }
    return lost;
  }

  private _explain(): void {
    const text = this._work.desk.trans.__(
      'This cell belongs to the lesson, so it stays. Your own cells you can delete.'
    );
    Notification.warning(text, { autoClose: 5000 });
    this._work.say(text);
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
