/**
 * A hand-in in the main area, to be read and marked. It is no document: it cannot be run, saved or
 * sent anywhere, and nothing in it can act (see inert.ts).
 */

import { IEditorLanguageRegistry } from '@jupyterlab/codemirror';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import { Panel } from '@lumino/widgets';
import * as React from 'react';

import { Loading, Trouble } from '../parts';
import { ITrans } from '../words';
import { cellView, IReading } from './cells';
import { MarkForm } from './form';
import { inertRegistry } from './inert';
import { IMarkingState, MarkingModel } from './marking';
import { IForeignCell, IPaper } from './types';

const TO_DO = '[data-waits="true"] input, [data-waits="true"] textarea';

export class PaperView extends Panel {
  constructor(
    readonly model: MarkingModel,
    rendermime: IRenderMimeRegistry,
    languages: IEditorLanguageRegistry | null,
    private readonly _trans: ITrans
  ) {
    super();
    this.id = 'coursewright-marking';
    this.addClass('jp-Coursewright');
    this.addClass('jp-Coursewright-marking');
    this.title.label = _trans.__('Marking');
    this.title.closable = true;
    this._reading = { rendermime: inertRegistry(rendermime), languages, trans: _trans };
    this._body.addClass('jp-Coursewright-paper');
    this.addWidget(new Head(model, _trans));
    this.addWidget(this._body);
    model.changed.connect(this._show, this);
  }

  override dispose(): void {
    this.model.changed.disconnect(this._show, this);
    super.dispose();
  }

  protected override onActivateRequest(_: Message): void {
    this._focus();
  }

  /** Draw another hand-in; the marks of the one that is there are the forms' own matter. */
  private _show(): void {
    const { paper, cells } = this.model.state;
    if (cells === this._shown) {
      return;
    }
    this._shown = cells;
    for (const widget of [...this._body.widgets]) {
      widget.dispose();
    }
    if (!paper) {
      return;
    }
    const drawn = (): void => this._focus();
    const forms = new Map(
      paper.cells.map(({ grade_id: name }) => [
        name,
        new MarkForm(this.model, name, this._trans, drawn)
      ])
    );
    for (const cell of cells.map(one => Object(one) as IForeignCell)) {
      this._body.addWidget(cellView(cell, this._reading));
      const name = gradeId(cell);
      const form = name === null ? undefined : forms.get(name);
      if (form && name !== null) {
        this._body.addWidget(form);
        forms.delete(name);
      }
    }
    // The student took their cells out; they are marked all the same.
    forms.forEach(form => this._body.addWidget(form));
    this.title.label = this._trans.__('Marking: %1', whose(paper, this._trans));
    this.node.scrollTop = 0;
    // React draws the forms when it comes to it; each of them asks for the focus once more.
    this._focus();
  }

  private _focus(): void {
    if (!this.isVisible) {
      return;
    }
    const to = this.node.querySelector<HTMLElement>(TO_DO) ?? this.node.querySelector('h2');
    to?.closest('section')?.scrollIntoView({ block: 'center' });
    to?.focus({ preventScroll: true });
  }

  private readonly _body = new Panel();
  private readonly _reading: IReading;
  private _shown: IForeignCell[] | null = null;
}

/** Whose hand-in it is, how many wait, and the way to the next. */
class Head extends ReactWidget {
  constructor(
    private readonly _model: MarkingModel,
    private readonly _trans: ITrans
  ) {
    super();
    this.addClass('jp-Coursewright-paperHead');
  }

  protected render(): React.ReactElement {
    return (
      <UseSignal signal={this._model.changed}>
        {() => <Title model={this._model} state={this._model.state} trans={this._trans} />}
      </UseSignal>
    );
  }
}

function Title(props: {
  model: MarkingModel;
  state: IMarkingState;
  trans: ITrans;
}): React.ReactElement {
  const { model, state, trans } = props;
  const { paper, waiting, busy, problem } = state;
  const left = waiting?.length ?? 0;
  return (
    <>
      <div className="jp-Coursewright-row">
        <div>
          <h2 tabIndex={-1} className="jp-Coursewright-title">
            {paper ? whose(paper, trans) : trans.__('Marking')}
          </h2>
          {paper && (
            <p className="jp-Coursewright-quiet">
              {trans.__(
                '%1 · attempt %2 · handed in %3 · read only',
                paper.title,
                paper.attempt,
                new Date(paper.received_at).toLocaleString()
              )}
            </p>
          )}
        </div>
        <div className="jp-Coursewright-row">
          <span role="status">
            {waiting === null
              ? ''
              : left
                ? trans._n('%1 hand-in waits', '%1 hand-ins wait', left)
                : trans.__('Nothing waits to be marked')}
          </span>
          <button
            type="button"
            className="jp-mod-styled jp-mod-accept"
            aria-disabled={busy}
            aria-keyshortcuts="F8"
            title={trans.__('Keep what you typed and open the next hand-in that waits (F8)')}
            onClick={() => void model.next(state.course)}
          >
            {trans.__('Next ungraded')} <kbd aria-hidden="true">F8</kbd>
          </button>
        </div>
      </div>
      {busy && !paper && <Loading text={trans.__('Opening the hand-in…')} />}
      {problem && (
        <Trouble problem={problem} trans={trans} again={() => void model.next(state.course)} />
      )}
    </>
  );
}

function whose(paper: IPaper, trans: ITrans): string {
  return paper.display_name || trans.__('Hand-in %1', paper.submission);
}

function gradeId(cell: IForeignCell): string | null {
  const { nbgrader } = Object(cell.metadata) as { nbgrader?: unknown };
  const { grade_id: name } = Object(nbgrader) as { grade_id?: unknown };
  return typeof name === 'string' ? name : null;
}
