/** The form that marks one answer: reasons with points, an adjustment, a comment. */

import { ReactWidget, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { cellStatus, ITrans, score } from '../words';
import { MarkingModel } from './marking';
import { IMarkedCell, IRubricItem } from './types';

export class MarkForm extends ReactWidget {
  constructor(
    private readonly _model: MarkingModel,
    private readonly _gradeId: string,
    private readonly _trans: ITrans,
    private readonly _drawn: () => void
  ) {
    super();
    this.addClass('jp-Coursewright-markForm');
  }

  protected render(): React.ReactElement {
    return (
      <UseSignal signal={this._model.changed}>
        {() => {
          const { paper } = this._model.state;
          const cell = paper?.cells.find(one => one.grade_id === this._gradeId);
          const items = (paper?.items ?? []).filter(item => item.grade_id === this._gradeId);
          return cell ? (
            <Form
              model={this._model}
              cell={cell}
              items={items}
              trans={this._trans}
              drawn={this._drawn}
            />
          ) : null;
        }}
      </UseSignal>
    );
  }
}

interface IProps {
  model: MarkingModel;
  cell: IMarkedCell;
  items: IRubricItem[];
  trans: ITrans;
}

function Form({
  drawn,
  ...props
}: IProps & { /** Called once, when it stands in the page. */ drawn: () => void }): React.ReactElement {
  const { model, cell, trans } = props;
  React.useEffect(drawn, []);
  const save = (event: React.SyntheticEvent): void => {
    event.preventDefault();
    void model.save(cell);
  };
  const keys = (event: React.KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.stopPropagation();
      save(event);
    }
  };
  const standing = `${score(trans, cell.points, cell.max_points)} · ${cellStatus(trans, cell.status)}`;
  const waits = cell.status === 'manual';
  const body = (
    <form onSubmit={save} onKeyDown={keys} aria-label={trans.__('Mark of %1', cell.grade_id)}>
      <Items {...props} />
      <Numbers {...props} />
      <div className="jp-Coursewright-row">
        <Said {...props} />
        <button
          type="submit"
          className="jp-mod-styled jp-mod-accept"
          aria-disabled={model.state.busy}
          title={trans.__('Save this mark (Ctrl+Enter)')}
        >
          {trans.__('Save mark')}
        </button>
      </div>
      <History {...props} />
    </form>
  );
  if (waits || cell.exercise === null) {
    return (
      <section aria-label={trans.__('Marking %1', cell.grade_id)} data-waits={waits}>
        <h3>
          {trans.__('Mark')} <span className="jp-Coursewright-quiet">{standing}</span>
        </h3>
        {body}
      </section>
    );
  }
  return (
    <details>
      <summary>
        {trans.__('Tests: %1', standing)} <span>{trans.__('(mark by hand)')}</span>
      </summary>
      {cell.message && <p className="jp-Coursewright-message">{cell.message}</p>}
      {body}
    </details>
  );
}

function Items({ model, cell, items, trans }: IProps): React.ReactElement {
  const [label, setLabel] = React.useState('');
  const [points, setPoints] = React.useState('1');
  const draft = model.draft(cell);
  const add = async (): Promise<void> => {
    if (await model.addItem(cell, label, points)) {
      setLabel('');
    }
  };
  const turn = (id: number, on: boolean): void =>
    model.type(cell, {
      items: on ? [...draft.items, id] : draft.items.filter(other => other !== id)
    });
  return (
    <fieldset>
      <legend>{trans.__('Reasons')}</legend>
      {items.map(item => (
        <label key={item.id} className="jp-Coursewright-tick">
          <input
            type="checkbox"
            checked={draft.items.includes(item.id)}
            onChange={event => turn(item.id, event.target.checked)}
          />
          <span>{item.label}</span>
          <span className="jp-Coursewright-points">{signed(item.points)}</span>
        </label>
      ))}
      <div className="jp-Coursewright-newItem">
        <input
          className="jp-mod-styled"
          value={label}
          placeholder={trans.__('New reason')}
          aria-label={trans.__('New reason')}
          onChange={event => setLabel(event.target.value)}
          onKeyDown={event => {
            if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
              event.preventDefault();
              void add();
            }
          }}
        />
        <input
          className="jp-mod-styled"
          value={points}
          inputMode="decimal"
          aria-label={trans.__('Points of the new reason')}
          onChange={event => setPoints(event.target.value)}
        />
        <button type="button" className="jp-mod-styled" onClick={() => void add()}>
          {trans.__('Add reason')}
        </button>
      </div>
    </fieldset>
  );
}

function Numbers({ model, cell, trans }: IProps): React.ReactElement {
  const draft = model.draft(cell);
  return (
    <>
      <div className="jp-Coursewright-numbers">
        <label>
          {trans.__('Adjustment')}
          <input
            className="jp-mod-styled"
            value={draft.adjustment}
            inputMode="decimal"
            onChange={event => model.type(cell, { adjustment: event.target.value })}
          />
        </label>
        <label>
          {trans.__('Extra credit')}
          <input
            className="jp-mod-styled"
            value={draft.extraCredit}
            inputMode="decimal"
            onChange={event => model.type(cell, { extraCredit: event.target.value })}
          />
        </label>
        {cell.exercise !== null && (
          <label className="jp-Coursewright-tick">
            <input
              type="checkbox"
              checked={draft.keeps}
              onChange={event => model.type(cell, { keeps: event.target.checked })}
            />
            <span>{trans.__('Add to the %1 points of the tests', cell.before)}</span>
          </label>
        )}
      </div>
      <label className="jp-Coursewright-comment">
        {trans.__('Comment')}
        <textarea
          className="jp-mod-styled"
          rows={3}
          maxLength={10_000}
          value={draft.comment}
          onChange={event => model.type(cell, { comment: event.target.value })}
        />
      </label>
    </>
  );
}

function Said({ model, cell, trans }: IProps): React.ReactElement {
  const said = model.state.said[cell.grade_id];
  if (said?.wrong) {
    return (
      <p role="alert" className="jp-Coursewright-clash">
        {said.text}
      </p>
    );
  }
  return (
    <p role="status" className="jp-Coursewright-quiet">
      {said?.text ?? (model.isTyped(cell) ? trans.__('Not saved yet') : '')}
    </p>
  );
}

function History({ cell, trans }: IProps): React.ReactElement | null {
  if (!cell.history.length) {
    return null;
  }
  return (
    <details>
      <summary>{trans._n('%1 mark so far', '%1 marks so far', cell.history.length)}</summary>
      <ul className="jp-Coursewright-list">
        {cell.history.map(said => (
          <li key={said.number}>
            {trans.__('%1, %2', said.marked_by, new Date(said.marked_at).toLocaleString())}
            {!said.counts && ` (${trans.__('does not count: another had marked meanwhile')})`}
            {said.comment && <p className="jp-Coursewright-message">{said.comment}</p>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function signed(points: number): string {
  return points > 0 ? `+${points}` : String(points);
}
