/** Cells that the student and the course both changed: two texts side by side, and a choice. */

import * as React from 'react';

import { ITrans } from '../words';
import { UpdateModel } from './model';
import { Choice, IConflict } from './tokens';
import { beginning } from './words';

/** What the bar asks of the rest of the desk. */
export interface IBarActs {
  showChanges(): void;
  compare(conflict: IConflict): void;
  show(id: string): void;
}

export interface IBarProps {
  model: UpdateModel;
  trans: ITrans;
  acts: IBarActs;
}

export function Conflicts({ model, trans, acts }: IBarProps): React.ReactElement {
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

export function Act(props: { label: string; act: () => void; main?: boolean }): React.ReactElement {
  const kind = props.main ? 'jp-mod-accept' : 'jp-mod-reject';
  return (
    <button type="button" className={`jp-mod-styled ${kind}`} onClick={props.act}>
      {props.label}
    </button>
  );
}
