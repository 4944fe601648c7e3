/** The bar above a notebook whose lesson has a new version; loaded when there is one. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { Prose, Trouble } from '../parts';
import { ITrans } from '../words';
import { UpdateModel } from './model';
import { Choice, IConflict } from './tokens';
import { beginning, summary, takenOver, undone } from './words';

/** What the bar asks of the rest of the desk. */
export interface IBarActs {
  showChanges(): void;
  compare(conflict: IConflict): void;
  show(id: string): void;
}

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

interface IProps {
  model: UpdateModel;
  trans: ITrans;
  acts: IBarActs;
}

function Content({ model, trans, acts }: IProps): React.ReactElement {
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

function Acts({ model, trans, acts }: IProps): React.ReactElement | null {
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

function Act(props: { label: string; act: () => void; main?: boolean }): React.ReactElement {
  const kind = props.main ? 'jp-mod-accept' : 'jp-mod-reject';
  return (
    <button type="button" className={`jp-mod-styled ${kind}`} onClick={props.act}>
      {props.label}
    </button>
  );
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

function Conflicts({ model, trans, acts }: IProps): React.ReactElement {
  const list = React.useRef<HTMLUListElement>(null);
  const decide = async (conflict: IConflict, choice: Choice): Promise<void> => {
    await model.decide(conflict, choice);
    acts.show(conflict.id);
    list.current?.querySelector('button')?.focus();
  };
  return (
    <ul ref={list} className="jp-Coursewright-list">
      {model.state.undecided.map(conflict => (
        <li key={conflict.id} className="jp-Coursewright-conflict">
          <h4>{trans.__('Changed by you and by the course: %1', beginning(conflict))}</h4>
          <div className="jp-Coursewright-sides">
            <Side title={trans.__('Yours')} text={conflict.mine} />
            <Side title={trans.__('New version')} text={conflict.theirs} />
          </div>
          <div className="jp-Coursewright-versionsActs">
            <Act label={trans.__('Keep mine')} act={() => void decide(conflict, 'mine')} />
            <Act label={trans.__('Take the new one')} act={() => void decide(conflict, 'theirs')} />
            <Act label={trans.__('Keep both')} act={() => void decide(conflict, 'both')} />
            <Act label={trans.__('Compare')} act={() => acts.compare(conflict)} />
          </div>
        </li>
      ))}
    </ul>
  );
}

function Side({ title, text }: { title: string; text: string }): React.ReactElement {
  return (
    <figure>
      <figcaption>{title}</figcaption>
      <pre tabIndex={0} aria-label={title}>
        {text}
      </pre>
    </figure>
  );
}
