/** The bar above a cell of a source notebook: its role, and what belongs to the role. */

import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { Prose } from '../parts';
import { ITrans } from '../words';
import * as roles from './cellroles';
import { Mark } from './controls';
import { gateWord } from './findings';
import { Entry } from './entry';
import { HIDDEN, IMark, SOLUTION } from './markers';
import { IFinding } from './types';

/** What a bar shows, and how it changes its notebook. */
export interface IBar {
  readonly cells: readonly roles.ISourceCell[];
  readonly index: number;
  readonly slips: readonly string[];
  readonly findings: readonly IFinding[];
  apply(changes: roles.IChange[]): void;
  /** Put marks around the selected lines of the cell; around all, where none are selected. */
  wrap(what: IMark): void;
}

export class CellBar extends ReactWidget {
  constructor(
    private readonly _look: () => IBar | null,
    private readonly _trans: ITrans
  ) {
    super();
    this.addClass('jp-Coursewright');
    this.addClass('jp-Coursewright-cellbar');
  }

  protected render(): React.ReactElement | null {
    const bar = this._look();
    return bar && <Bar bar={bar} trans={this._trans} />;
  }
}

interface IProps {
  bar: IBar;
  trans: ITrans;
}

function Bar({ bar, trans }: IProps): React.ReactElement {
  const { cells, index } = bar;
  const cell = cells[index];
  const choice = roles.choiceOf(cell);
  const role = roles.roleOf(cell);
  return (
    <div role="group" aria-label={trans.__('Role of cell %1', index + 1)}>
      <div className="jp-Coursewright-tools">
        <RoleSelect bar={bar} trans={trans} />
        {role === 'solution' && <SolutionTools bar={bar} trans={trans} />}
        {role === 'tests' && <TestTools bar={bar} trans={trans} />}
        {roles.isGraded(choice) && (
          <Entry
            label={trans.__('Points')}
            value={roles.points(cell)?.toString() ?? ''}
            narrow
            check={text =>
              !text.trim() || Number(text) >= 0 ? '' : trans.__('Write a number, such as 2.')
            }
            commit={text =>
              bar.apply(roles.withPoints(cells, index, text.trim() ? Number(text) : null))
            }
          />
        )}
        {cell.nbgrader && role !== 'quiz' && (
          <Entry
            label={trans.__('Id')}
            value={roles.gradeId(cell)}
            commit={text => bar.apply(roles.withId(cells, index, text))}
          />
        )}
        {(role === 'solution' || role === 'written') && cell.kind === 'code' && (
          <Tool label={trans.__('Mark as solution')} act={() => bar.wrap(SOLUTION)} />
        )}
        {role === 'tests' && (
          <Tool label={trans.__('Hide from students')} act={() => bar.wrap(HIDDEN)} />
        )}
      </div>
      <Said bar={bar} trans={trans} />
    </div>
  );
}

function RoleSelect({ bar, trans }: IProps): React.ReactElement {
  const { cells, index } = bar;
  const choice = roles.choiceOf(cells[index]);
  const id = React.useId();
  return (
    <span className="jp-Coursewright-entry">
      <label htmlFor={id}>{trans.__('Role')}</label>
      <select
        id={id}
        className="jp-mod-styled"
        value={choice}
        disabled={choice === 'quiz'}
        data-lm-suppress-shortcuts="true"
        onChange={event =>
          bar.apply(roles.withRole(cells, index, event.target.value as roles.Choice))
        }
      >
        {roles.choices(cells[index]).map(one => (
          <option key={one} value={one}>
            {roleWord(trans, one)}
          </option>
        ))}
      </select>
    </span>
  );
}

function SolutionTools({ bar, trans }: IProps): React.ReactElement {
  const { cells, index } = bar;
  const promises = roles.sentences(cells[index]);
  return (
    <>
      <Entry
        label={trans.__('Title')}
        value={roles.title(cells[index])}
        commit={text => bar.apply(roles.withTitle(cells, index, text))}
      />
      <details className="jp-Coursewright-promised">
        <summary data-lm-suppress-shortcuts="true">
          {trans.__('Promises (%1)', promises.length)}
        </summary>
        <Entry
          label={trans.__('One promise a line')}
          value={promises.join('\n')}
          long
          commit={text =>
            bar.apply(
              roles.withSentences(
                cells,
                index,
                text
                  .split('\n')
                  .map(line => line.trim())
                  .filter(Boolean)
              )
            )
          }
        />
      </details>
    </>
  );
}

function TestTools({ bar, trans }: IProps): React.ReactElement {
  const { cells, index } = bar;
  return (
    <Entry
      label={trans.__('Tests promises')}
      value={roles.numbers(cells[index]).join(', ')}
      narrow
      check={text => (roles.parsed(text) ? '' : trans.__('Write numbers, such as 1, 3.'))}
      commit={text => bar.apply(roles.withNumbers(cells, index, roles.parsed(text) ?? []))}
    />
  );
}

function Tool({ label, act }: { label: string; act: () => void }): React.ReactElement {
  return (
    <button
      type="button"
      className="jp-mod-styled jp-mod-reject"
      data-lm-suppress-shortcuts="true"
      // The selection in the editor is what is wrapped: keep it.
      onMouseDown={event => event.preventDefault()}
      onClick={act}
    >
      {label}
    </button>
  );
}

function Said({ bar, trans }: IProps): React.ReactElement | null {
  const { slips, findings } = bar;
  return (
    <div role="status" className="jp-Coursewright-said">
      {slips.map(slip => (
        <p key={slip}>
          <Mark look="bad" text={slip} />
        </p>
      ))}
      {findings.map((finding, at) => (
        <p key={at}>
          <Mark
            look={finding.blocks ? 'bad' : 'note'}
            text={finding.blocks ? trans.__('Blocks') : trans.__('Note')}
          />
          <span className="jp-Coursewright-quiet">
            {` ${[finding.gate, gateWord(trans, finding.gate)].filter(Boolean).join(': ')} `}
          </span>
          <Prose text={finding.message} />
        </p>
      ))}
    </div>
  );
}

function roleWord(trans: ITrans, choice: roles.Choice): string {
  switch (choice) {
    case 'text':
      return trans.__('Text');
    case 'example':
      return trans.__('Example');
    case 'solution':
      return trans.__('Solution');
    case 'visible':
      return trans.__('Visible test');
    case 'hidden':
      return trans.__('Hidden test');
    case 'mixed':
      return trans.__('Test, partly hidden');
    case 'written':
      return trans.__('Written answer');
    case 'task':
      return trans.__('Task');
    case 'locked':
      return trans.__('Given and locked');
    case 'quiz':
      return trans.__('Quiz');
  }
}
