/** The marks below the cells of one open notebook. */

import { Cell } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';
import { IDisposable } from '@lumino/disposable';
import { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';

import { ISubmission } from '../tokens';
import { cellStatus, ITrans, score } from '../words';
import { ICellFacts, IMark, marksOf } from './marks';

const SIGNS: Record<string, string> = { passed: '✓', partial: '◐', manual: '…' };

export class InlineMarks implements IDisposable {
  constructor(
    private readonly _panel: NotebookPanel,
    private readonly _trans: ITrans
  ) {
    _panel.content.model?.cells.changed.connect(this._again, this);
    _panel.context.model.contentChanged.connect(this._compare, this);
  }

  get isDisposed(): boolean {
    return this._panel.isDisposed;
  }

  /** Show the marks of `attempt`. */
  show(attempt: ISubmission): void {
    this._clear();
    this._attempt = attempt;
    this._answers = new Map();
    this._place();
  }

  /** What the exercises' answers were in the attempt that is shown, by key. */
  set answers(answers: ReadonlyMap<string, string>) {
    this._answers = answers;
    this._compare();
  }

  dispose(): void {
    this._clear();
    this._attempt = null;
  }

  private _clear(): void {
    for (const mark of this._shown.values()) {
      mark.dispose();
    }
    this._shown.clear();
  }

  /** Cells came or went, perhaps many at once. */
  private _again(): void {
    window.clearTimeout(this._timer);
    this._timer = window.setTimeout(() => this._place(), 100);
  }

  private _place(): void {
    const attempt = this._attempt;
    if (!attempt || this._panel.isDisposed) {
      return;
    }
    const cells = this._panel.content.widgets;
    const marks = marksOf(cells.map(facts), attempt);
    for (const cell of cells) {
      const mark = marks.get(cell.model.id);
      if (mark && this._shown.get(cell)?.isDisposed !== false) {
        const shown = new MarkWidget(mark, attempt, this._trans);
        this._shown.set(cell, shown);
        // A cell that was never in sight has no parts yet to stand below of.
        void cell.ready.then(() => {
          if (!cell.isDisposed && !shown.isDisposed) {
            (cell.layout as PanelLayout).addWidget(shown);
          }
        });
      }
    }
    this._compare();
  }

  /** Say of each mark whether the answer is still the one that was marked. */
  private _compare(): void {
    if (!this._shown.size) {
      return;
    }
    const now = new Map(
      this._panel.content.widgets.map(cell => [facts(cell).gradeId, cell.model.sharedModel])
    );
    for (const mark of this._shown.values()) {
      const { exercise } = mark.mark;
      const then = this._answers.get(exercise);
      const source = now.get(exercise)?.getSource();
      mark.past = then !== undefined && source !== undefined && source !== then;
    }
  }

  private _attempt: ISubmission | null = null;
  private _answers: ReadonlyMap<string, string> = new Map();
  private _timer = 0;
  private readonly _shown = new Map<Cell, MarkWidget>();
}

/** One mark: words, points and what to do next. */
class MarkWidget extends Widget {
  constructor(
    readonly mark: IMark,
    private readonly _attempt: ISubmission,
    private readonly _trans: ITrans
  ) {
    super();
    this.addClass('jp-Coursewright-inlineMark');
    this.node.dataset.status = mark.status;
    this.node.dataset.kind = mark.kind;
    this.node.setAttribute('role', 'group');
    this._fill();
  }

  /** Whether the answer was changed since it was marked. */
  set past(past: boolean) {
    if (past !== this._past) {
      this._past = past;
      this._fill();
    }
  }

  /** A click on a mark selects text in it, and not the cell. */
  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.node.addEventListener('mousedown', stop);
  }

  protected override onBeforeDetach(message: Message): void {
    this.node.removeEventListener('mousedown', stop);
    super.onBeforeDetach(message);
  }

  private _fill(): void {
    const { mark, _trans: trans, _attempt: attempt } = this;
    const words = cellStatus(trans, mark.status);
    const points = trans.__('%1 points', score(trans, mark.points, mark.max_points));
    const when = this._past
      ? trans.__('changed since attempt %1', attempt.attempt)
      : trans.__('attempt %1', attempt.attempt);
    const label =
      mark.kind === 'whole'
        ? trans.__('Feedback on this exercise: %1, %2, %3', words, points, when)
        : trans.__('Feedback on this test: %1, %2, %3', words, points, when);
    this.node.setAttribute('aria-label', label);
    this.node.dataset.past = String(this._past);
    const sign = piece('span', 'jp-Coursewright-markSign', SIGNS[mark.status] ?? '✗');
    sign.setAttribute('aria-hidden', 'true');
    const line = piece('div', 'jp-Coursewright-markLine');
    line.append(
      sign,
      piece('strong', '', words),
      piece('span', 'jp-Coursewright-points', points),
      piece('span', 'jp-Coursewright-quiet', when)
    );
    this.node.replaceChildren(line, ...mark.messages.map(prose));
  }

  private _past = false;
}

function facts(cell: Cell): ICellFacts {
  const own = cell.model.getMetadata('nbgrader') as
    | { grade_id?: unknown; solution?: unknown; grade?: unknown }
    | undefined;
  return {
    id: cell.model.id,
    gradeId: typeof own?.grade_id === 'string' ? own.grade_id : null,
    solution: own?.solution === true
  };
}

function piece(tag: string, className: string, text = ''): HTMLElement {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
}

/** A sentence of an author, in which backticks mark code. */
function prose(text: string): HTMLElement {
  const paragraph = piece('p', 'jp-Coursewright-message');
  paragraph.append(
    ...text.split(/`([^`]+)`/).map((part, place) => (place % 2 ? piece('code', '', part) : part))
  );
  return paragraph;
}

function stop(event: Event): void {
  event.stopPropagation();
}
