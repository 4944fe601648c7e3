/** What is shown of the safety of the work: in the status bar, in the panel, in a dialog. */

import { checkIcon, historyIcon, LabIcon, ReactWidget, refreshIcon, UseSignal } from '@jupyterlab/ui-components';
import * as React from 'react';

import { ITrans } from '../words';
import { warningIcon } from './icons';
import { SafetyModel } from './model';
import { ISubmit } from './tokens';
import { isWaiting, ISummary, Level, submitText, summary, time } from './words';

const ICONS: Record<Level, LabIcon> = {
  safe: checkIcon,
  busy: refreshIcon,
  waits: historyIcon,
  trouble: warningIcon
};

/** The item of the status bar: an icon and words, which open the whole story. */
export class SafetyStatus extends ReactWidget {
  constructor(
    private readonly _model: SafetyModel,
    private readonly _trans: ITrans,
    private readonly _open: () => void
  ) {
    super();
    this.addClass('jp-Coursewright-safety');
  }

  protected render(): React.ReactElement {
    return <UseSignal signal={this._model.changed}>{() => this._item()}</UseSignal>;
  }

  private _item(): React.ReactElement | null {
    const { told } = this._model;
    if (told === undefined) {
      return null;
    }
    const { level, text } = summary(this._trans, told);
    const Icon = ICONS[level];
    if (level !== 'busy') {
      // Each save has its moment of being busy; reading that aloud would only disturb.
      this._spoken = text;
    }
    return (
      <>
        <button
          type="button"
          data-level={level}
          title={this._trans.__('Is my work safe?')}
          onClick={this._open}
        >
          <Icon.react tag="span" className="jp-Coursewright-safetyIcon" aria-hidden="true" />
          {text}
        </button>
        <span className="jp-Coursewright-spoken" role="status" aria-live="polite">
          {this._spoken}
        </span>
      </>
    );
  }

  private _spoken = '';
}

/** In the panel, on top: only when somebody has to look. */
export function Alarm(props: {
  model: SafetyModel;
  trans: ITrans;
  open: () => void;
}): React.ReactElement | null {
  const { model, trans, open } = props;
  const said = model.told === undefined ? null : summary(trans, model.told);
  if (said?.level !== 'trouble') {
    return null;
  }
  return (
    <div className="jp-Coursewright-trouble jp-Coursewright-alarm" role="alert">
      <p>{said.text}</p>
      <button type="button" className="jp-mod-styled jp-mod-reject" onClick={open}>
        {trans.__('What to do')}
      </button>
    </div>
  );
}

/** What became of submits that could not be sent at once. */
export function Submits(props: {
  submits: ISubmit[];
  model: SafetyModel;
  trans: ITrans;
}): React.ReactElement | null {
  const { submits, model, trans } = props;
  const waiting = (model.told?.submits ?? []).filter(isWaiting).length;
  return submits.length === 0 ? null : (
    <ul className="jp-Coursewright-list jp-Coursewright-submits" aria-label={trans.__('Queued submits')}>
      {submits.map(submit => (
        <li key={submit.key} data-state={submit.refused ? 'refused' : submit.receipt ? 'sent' : 'waits'}>
          <p role={submit.refused ? 'alert' : 'status'}>{submitText(trans, submit, waiting)}</p>
          {submit.receipt && (
            <code title={submit.receipt.sha256}>{submit.receipt.sha256.slice(0, 8)}</code>
          )}
          {submit.refused && (
            <button
              type="button"
              className="jp-mod-styled jp-mod-reject"
              onClick={() => void model.dismiss(submit)}
            >
              {trans.__('Dismiss')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

/** The whole story, as the body of a dialog. */
export class Story extends ReactWidget {
  constructor(
    private readonly _model: SafetyModel,
    private readonly _trans: ITrans
  ) {
    super();
    this.addClass('jp-Coursewright-story');
  }

  protected render(): React.ReactElement {
    return <UseSignal signal={this._model.changed}>{() => this._all()}</UseSignal>;
  }

  private _all(): React.ReactElement {
    const trans = this._trans;
    const { told } = this._model;
    const said: ISummary = summary(trans, told ?? null);
    return (
      <>
        <p className="jp-Coursewright-storyHead" data-level={said.level}>
          {said.text}
        </p>
        {!told && (
          <p>
            {trans.__(
              'What you wrote since the last save is in this page only. Keep it open; it saves when your server is back.'
            )}
          </p>
        )}
        {told && !told.online && (
          <p>
            {trans.__(
              'The course service cannot be reached. Notebooks open, run and are saved here all the same; what waits is sent by itself.'
            )}
          </p>
        )}
        {told?.copies.last && (
          <p>{trans.__('Newest copy at the course service: %1.', time(told.copies.last))}</p>
        )}
        {told && <Files model={this._model} trans={trans} />}
        <Submits submits={this._model.submits} model={this._model} trans={trans} />
      </>
    );
  }
}

function Files({ model, trans }: { model: SafetyModel; trans: ITrans }): React.ReactElement | null {
  const { told } = model;
  if (!told) {
    return null;
  }
  return (
    <>
      {told.full && (
        <p>
          {trans.__(
            'Your storage is full. Delete files that you no longer need (File Browser, Delete), then save again.'
          )}
        </p>
      )}
      <ul className="jp-Coursewright-list">
        {told.unsaved.map(path => (
          <li key={path}>
            {told.copies.waiting.includes(path) || !told.online
              ? trans.__('%1 could not be saved here, and waits to be sent.', path)
              : trans.__(
                  '%1 could not be saved here. What you wrote is kept at the course service as a copy.',
                  path
                )}
          </li>
        ))}
        {told.refused.map(({ path, message }) => (
          <li key={`refused ${path}`}>{trans.__('No copy of %1: %2', path, message)}</li>
        ))}
        {told.copies.waiting
          .filter(path => !told.unsaved.includes(path))
          .map(path => (
            <li key={`waits ${path}`}>
              {trans.__('%1 is saved here; its copy waits to be sent.', path)}
            </li>
          ))}
      </ul>
    </>
  );
}
