/** A course while it is made, and what it came to. */

import { ISignal } from '@lumino/signaling';
import { UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Bar, Loading, Trouble } from '../parts';
import { ITrans } from '../words';
import { Button, duration, Field, Mark } from './controls';
import * as form from './form';
import { GenerationModel } from './generation';
import * as progress from './progress';
import { Report } from './report';
import { IGeneration, IPiece } from './types';

interface IProps {
  model: GenerationModel;
  trans: ITrans;
  /** Write the notebooks and open them. */
  open: () => void;
}

export function Watch(props: IProps): React.ReactElement {
  return (
    <UseSignal signal={props.model.changed as ISignal<GenerationModel, void>}>
      {() => <Shown {...props} />}
    </UseSignal>
  );
}

function Shown({ model, trans, open }: IProps): React.ReactElement {
  const { found, receipts, problem, busy } = model.state;
  if (!found) {
    return (
      <div className="jp-Coursewright-form">
        {problem ? (
          <Trouble problem={problem} trans={trans} again={() => void model.again()} />
        ) : (
          <Loading text={trans.__('Loading the course…')} />
        )}
      </div>
    );
  }
  const underWay = progress.isUnderWay(found);
  return (
    <div className="jp-Coursewright-form">
      <h2>{found.report?.title || found.topic}</h2>
      <p>
        <Mark look={look(found)} text={progress.generationWord(trans, found.state)} />
        {spent(trans, found).map(said => ` · ${said}`)}
      </p>
      <div role="status" className="jp-Coursewright-spoken">
        {progress.announcement(trans, found)}
      </div>
      {problem && <Trouble problem={problem} trans={trans} />}
      {progress.canGoOn(found) && (
        <div className="jp-Coursewright-trouble" role="alert">
          {found.message && <p>{found.message}</p>}
          <p>{progress.advice(trans, found.state)}</p>
        </div>
      )}
      <div className="jp-Coursewright-buttons">
        {found.state === 'done' && (
          <Button label={trans.__('Open the notebooks')} act={open} accept />
        )}
        {underWay && (
          <Button label={trans.__('Cancel')} act={() => void model.cancel()} off={busy} />
        )}
      </div>
      {progress.canGoOn(found) && <GoOn model={model} trans={trans} />}
      {found.state !== 'done' && <Stages found={found} trans={trans} />}
      {found.report && <Report report={found.report} receipts={receipts} trans={trans} />}
      <Pieces pieces={found.pieces} trans={trans} open={underWay} />
    </div>
  );
}

function look(found: IGeneration): 'good' | 'bad' | 'note' | 'busy' {
  switch (found.state) {
    case 'done':
      return 'good';
    case 'failed':
      return 'bad';
    case 'waiting':
    case 'running':
      return 'busy';
    default:
      return 'note';
  }
}

/** Time, calls, tokens and cost up to now. */
function spent(trans: ITrans, found: IGeneration): string[] {
  const until = found.settled_at === null ? Date.now() : Date.parse(found.settled_at);
  const seconds = (until - Date.parse(found.created_at)) / 1000;
  const said = [duration(trans, Math.max(0, seconds))];
  if (found.calls) {
    said.push(
      trans._n('%1 call', '%1 calls', found.calls),
      trans.__('%1 tokens', found.tokens.toLocaleString()),
      found.cost === null
        ? trans.__('cost unknown: no prices are set')
        : trans.__('cost %1', found.cost.toFixed(2))
    );
  } else if (found.state === 'done') {
    said.push(trans.__('no model was called'));
  }
  return said;
}

function Stages({ found, trans }: { found: IGeneration; trans: ITrans }): React.ReactElement {
  const stages = progress.stages(found.pieces);
  const { ended, planned } = progress.whole(stages);
  return (
    <section aria-label={trans.__('Progress')}>
      <Bar value={ended} of={planned} label={trans.__('Finished pieces')} />
      <p className="jp-Coursewright-quiet">
        {planned
          ? trans.__('%1 of %2 pieces finished', ended, planned)
          : trans.__('The plan is made first.')}
      </p>
      {stages.length > 0 && (
        <table className="jp-Coursewright-table">
          <thead>
            <tr>
              <th scope="col">{trans.__('What')}</th>
              <th scope="col">{trans.__('Planned')}</th>
              <th scope="col">{trans.__('Writing')}</th>
              <th scope="col">{trans.__('Checking')}</th>
              <th scope="col">{trans.__('Repairing')}</th>
              <th scope="col">{trans.__('Done')}</th>
              <th scope="col">{trans.__('Left out')}</th>
            </tr>
          </thead>
          <tbody>
            {stages.map(one => (
              <tr key={one.kind}>
                <th scope="row">{progress.kindWord(trans, one.kind)}</th>
                <td>{one.planned}</td>
                <td>{one.writing}</td>
                <td>{one.checking}</td>
                <td>{one.repairing}</td>
                <td>{one.done}</td>
                <td>{one.abstained}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function Pieces(props: {
  pieces: readonly IPiece[];
  trans: ITrans;
  open: boolean;
}): React.ReactElement | null {
  const { trans, open } = props;
  const pieces = progress.real(props.pieces);
  if (!pieces.length) {
    return null;
  }
  return (
    <details open={open}>
      <summary>{trans._n('%1 piece', '%1 pieces', pieces.length)}</summary>
      <ul className="jp-Coursewright-list">
        {pieces.map(piece => (
          <li key={`${piece.kind} ${piece.place}`} className="jp-Coursewright-piece">
            <span>
              {piece.kind === 'outline' || !piece.place
                ? progress.kindWord(trans, piece.kind)
                : piece.place}
            </span>
            <Mark look={pieceLook(piece.state)} text={progress.pieceWord(trans, piece.state)} />
            {piece.detail && <span className="jp-Coursewright-quiet">{piece.detail}</span>}
          </li>
        ))}
      </ul>
    </details>
  );
}

function pieceLook(state: string): 'good' | 'note' | 'busy' {
  if (state === 'abstained') {
    return 'note';
  }
  return ['accepted', 'repaired', 'kept'].includes(state) ? 'good' : 'busy';
}

/** Go on with one that ended without a course, with other limits if one likes. */
function GoOn({ model, trans }: { model: GenerationModel; trans: ITrans }): React.ReactElement {
  const [room, setRoom] = React.useState({ tokens: '', money: '', minutes: '' });
  const fields: [keyof typeof room, string][] = [
    ['tokens', trans.__('Most tokens')],
    ['money', trans.__('Most money')],
    ['minutes', trans.__('Most minutes')]
  ];
  const wrong = (text: string): boolean => Boolean(text.trim()) && !((form.amount(text) ?? 0) > 0);
  return (
    <section aria-label={trans.__('Go on')}>
      <div className="jp-Coursewright-fields">
        {fields.map(([name, label]) => (
          <Field
            key={name}
            label={label}
            hint={trans.__('Empty: no limit')}
            problem={wrong(room[name]) ? trans.__('Write a number above 0.') : undefined}
          >
            {names => (
              <input
                {...names}
                className="jp-mod-styled"
                inputMode="decimal"
                value={room[name]}
                onChange={event => setRoom({ ...room, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
      </div>
      <Button
        label={trans.__('Go on')}
        act={() => void model.resume(form.limits(room))}
        accept
        off={model.state.busy || Object.values(room).some(wrong)}
      />
    </section>
  );
}
