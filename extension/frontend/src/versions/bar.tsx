/** The bar above a notebook whose lesson has a new version; loaded when there is one. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { Prose, Trouble } from '../parts';
import { ITrans } from '../words';
import { Act, Conflicts, IBarActs, IBarProps } from './conflicts';
import { UpdateModel } from './model';
import { summary, takenOver, undone } from './words';

const MOST = 0.5; // of the window's height; the notebook stays in sight

export class VersionBar extends ReactWidget {
  constructor(
    private readonly _model: UpdateModel,
    private readonly _trans: ITrans,
    private readonly _acts: IBarActs
  ) {
    super();
    this.addClass('jp-Coursewright-versions');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', this._trans.__('New version of this lesson'));
    this._model.changed.connect(this._draw, this);
    this._sizes = new ResizeObserver(() => this._measure());
    this._draw();
  }

  override dispose(): void {
    this._sizes.disconnect();
    this._model.changed.disconnect(this._draw, this);
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._measure();
  }

  protected render(): React.ReactElement {
    return (
      <div className="jp-Coursewright-versionsInner" ref={inner => this._watch(inner)}>
        <Content model={this._model} trans={this._trans} acts={this._acts} />
      </div>
    );
  }

  private _draw(): void {
    this.setHidden(this._model.state.step === 'nothing');
    this.update();
  }

  private _watch(inner: HTMLElement | null): void {
    if (inner && inner !== this._inner) {
      this._sizes.disconnect();
      this._sizes.observe(inner);
    }
    this._inner = inner;
  }

  /** A box layout goes by the sizes in the style, not by what is inside. */
  private _measure(): void {
    const wanted = Math.min(this._inner?.offsetHeight ?? 0, window.innerHeight * MOST);
    const height = `${Math.ceil(wanted)}px`;
    if (this.node.style.minHeight !== height) {
      this.node.style.minHeight = this.node.style.maxHeight = height;
      this.parent?.fit();
    }
  }

  private _inner: HTMLElement | null = null;
  private readonly _sizes: ResizeObserver;
}

function Content({ model, trans, acts }: IBarProps): React.ReactElement {
  const { step, problem, undecided } = model.state;
  return (
    <>
      <div className="jp-Coursewright-versionsRow">
        <p role="status">{said(model, trans)}</p>
        <div className="jp-Coursewright-versionsActs">
          <Acts model={model} trans={trans} acts={acts} />
        </div>
      </div>
      {step === 'there' && <Messages model={model} trans={trans} />}
      {problem && <Trouble problem={problem} trans={trans} />}
      {undecided.length > 0 && <Conflicts model={model} trans={trans} acts={acts} />}
    </>
  );
}

function said(model: UpdateModel, trans: ITrans): string {
  const { step, changes, merged, undecided } = model.state;
  switch (step) {
    case 'there':
      return changes
        ? trans.__('Version %1 of this lesson is there: %2.', changes.to, summary(trans, changes))
        : '';
    case 'working':
      return trans.__('Updating your notebook…');
    case 'done':
      return [
        merged ? takenOver(trans, merged) : '',
        undecided.length > 0
          ? trans._n(
              'You and the course both changed %1 cell; yours stands until you choose.',
              'You and the course both changed %1 cells; yours stand until you choose.',
              undecided.length
            )
          : ''
      ].join(' ');
    case 'undone':
      return model.state.undone ? undone(trans, model.state.undone) : '';
    default:
      return '';
  }
}

function Acts({ model, trans, acts }: IBarProps): React.ReactElement | null {
  const { step } = model.state;
  if (step === 'there') {
    return (
      <>
        <Act label={trans.__('See what changed')} act={acts.showChanges} />
        <Act label={trans.__('Update my notebook')} act={() => void model.update()} main />
        <Act label={trans.__('Not now')} act={() => void model.putOff()} />
      </>
    );
  }
  if (step === 'done') {
    return (
      <>
        <Act label={trans.__('Undo the update')} act={() => void model.undo()} />
        <Act label={trans.__('Close')} act={() => model.close()} />
      </>
    );
  }
  return step === 'undone' ? <Act label={trans.__('Close')} act={() => model.close()} /> : null;
}

function Messages({ model, trans }: { model: UpdateModel; trans: ITrans }): React.ReactElement | null {
  const told = model.state.changes?.messages.filter(item => item.message.trim()) ?? [];
  return told.length === 0 ? null : (
    <ul className="jp-Coursewright-list jp-Coursewright-quiet">
      {told.map(item => (
        <li key={item.version}>
          {trans.__('Version %1:', item.version)} <Prose text={item.message} />
        </li>
      ))}
    </ul>
  );
}
