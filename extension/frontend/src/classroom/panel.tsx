/** The left panel of those who teach: the class at work, what waits for them, released grades. */

import { ReactWidget } from '@jupyterlab/ui-components';
import { Message } from '@lumino/messaging';
import * as React from 'react';

import { Loading, Trouble } from '../parts';
import { ITrans } from '../words';
import { classIcon } from './icon';
import { ClassModel, IClassState } from './model';
import { Roster } from './roster';
import { IClass, IClassLesson } from './types';
import { chosen, Order } from './words';

export interface IActs {
  mark(course: string): void;
  open(course: string, submission: number): void;
}

export class ClassPanel extends ReactWidget {
  constructor(
    private readonly _trans: ITrans,
    private readonly _acts: IActs
  ) {
    super();
    this.id = 'coursewright-class';
    this.title.icon = classIcon;
    this.title.caption = _trans.__('Class');
    this.addClass('jp-Coursewright');
    this.addClass('jp-Coursewright-class');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', _trans.__('Class'));
  }

  set model(model: ClassModel) {
    this._model = model;
    model.changed.connect(this.update, this);
  }

  protected override onAfterShow(_: Message): void {
    void this._model?.refresh();
  }

  protected override onActivateRequest(_: Message): void {
    this.node.querySelector<HTMLElement>('select, h2')?.focus();
  }

  protected render(): React.ReactElement | null {
    if (!this._model) {
      return null;
    }
    const { state } = this._model;
    return (
      <>
        <Head model={this._model} state={state} acts={this._acts} trans={this._trans} />
        <div className="jp-Coursewright-body">
          <Body model={this._model} state={state} acts={this._acts} trans={this._trans} />
        </div>
        <div className="jp-Coursewright-spoken" role="status" aria-live="polite">
          {state.spoken}
        </div>
      </>
    );
  }

  private _model: ClassModel | null = null;
}

interface IProps {
  model: ClassModel;
  state: IClassState;
  acts: IActs;
  trans: ITrans;
}

function Head({ model, state, acts, trans }: IProps): React.ReactElement {
  const { courses, course } = state;
  return (
    <div className="jp-Coursewright-header">
      <h2 tabIndex={-1} className="jp-Coursewright-title">
        {trans.__('Class')}
      </h2>
      <select
        className="jp-mod-styled"
        aria-label={trans.__('Course')}
        value={course}
        onChange={event => void model.watch(event.target.value)}
      >
        {courses.map(card => (
          <option key={card.key} value={card.key}>
            {card.title}
          </option>
        ))}
      </select>
      {state.class && <Totals totals={state.class.totals} trans={trans} />}
      {state.class && (
        <button
          type="button"
          className="jp-mod-styled jp-mod-accept"
          onClick={() => acts.mark(course)}
        >
          {trans.__('Mark hand-ins (%1 wait)', state.class.totals.waiting)}
        </button>
      )}
      {state.class && <Choice model={model} state={state} found={state.class} trans={trans} />}
    </div>
  );
}

function Totals({ totals, trans }: { totals: IClass['totals']; trans: ITrans }): React.ReactElement {
  return (
    <p className="jp-Coursewright-quiet">
      {trans.__('%1 of %2 here now', totals.here, totals.students)}
      {' · '}
      {trans.__('%1 stuck', totals.stuck)}
    </p>
  );
}

function Choice(props: {
  model: ClassModel;
  state: IClassState;
  found: IClass;
  trans: ITrans;
}): React.ReactElement {
  const { model, state, found, trans } = props;
  const { choice } = state;
  const orders: [Order, string][] = [
    ['stuck', trans.__('Stuck longest first')],
    ['seen', trans.__('Seen last first')],
    ['tries', trans.__('Most tries first')],
    ['name', trans.__('By name')]
  ];
  const lessons: [string, string][] = [
    ['', trans.__('All lessons')],
    ...found.lessons.map((one): [string, string] => [one.key, one.title])
  ];
  const sections: [string, string][] = [
    ['', trans.__('All sections')],
    ...found.sections.map((name): [string, string] => [name, name])
  ];
  const groups: [string, string][] = [
    ['', trans.__('All groups')],
    ...found.groups.map((name): [string, string] => [name, name])
  ];
  return (
    <div className="jp-Coursewright-which" role="group" aria-label={trans.__('Which students')}>
      <input
        type="search"
        className="jp-mod-styled jp-Coursewright-search"
        value={choice.search}
        placeholder={trans.__('Search students')}
        aria-label={trans.__('Search students')}
        onChange={event => model.choose({ search: event.target.value })}
      />
      <Select
        label={trans.__('Order')}
        value={choice.order}
        options={orders}
        take={order => model.choose({ order: order as Order })}
      />
      <Select
        label={trans.__('Lesson')}
        value={choice.lesson}
        options={lessons}
        take={lesson => model.choose({ lesson })}
      />
      {found.sections.length > 0 && (
        <Select
          label={trans.__('Section')}
          value={choice.section}
          options={sections}
          take={section => model.choose({ section })}
        />
      )}
      {found.groups.length > 0 && (
        <Select
          label={trans.__('Group')}
          value={choice.group}
          options={groups}
          take={group => model.choose({ group })}
        />
      )}
      <label className="jp-Coursewright-tick">
        <input
          type="checkbox"
          checked={choice.hereOnly}
          onChange={event => model.choose({ hereOnly: event.target.checked })}
        />
        <span>{trans.__('Only those here now')}</span>
      </label>
    </div>
  );
}

function Select(props: {
  label: string;
  value: string;
  options: [string, string][];
  take: (value: string) => void;
}): React.ReactElement {
  return (
    <select
      className="jp-mod-styled"
      aria-label={props.label}
      value={props.value}
      onChange={event => props.take(event.target.value)}
    >
      {props.options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  );
}

function Body({ model, state, acts, trans }: IProps): React.ReactElement {
  const { problem, course } = state;
  const found = state.class;
  const pupils = found ? chosen(found.students, state.choice) : [];
  return (
    <>
      {problem && <Trouble problem={problem} trans={trans} again={() => void model.refresh()} />}
      {problem?.status === 403 && (
        <p className="jp-Coursewright-quiet">
          {trans.__(
            'If you have begun to teach since this server was started, stop it in the Hub Control Panel and start it again.'
          )}
        </p>
      )}
      {!found && !problem && <Loading text={trans.__('Loading the class…')} />}
      {found && (
        <>
          <Roster
            pupils={pupils}
            course={found}
            open={number => acts.open(course, number)}
            trans={trans}
          />
          {!pupils.length && (
            <p className="jp-Coursewright-quiet" role="status">
              {found.students.length
                ? trans.__('No student matches.')
                : trans.__('Nobody has joined this course yet.')}
            </p>
          )}
          <Releases model={model} state={state} found={found} trans={trans} />
        </>
      )}
    </>
  );
}

function Releases(props: {
  model: ClassModel;
  state: IClassState;
  found: IClass;
  trans: ITrans;
}): React.ReactElement {
  const { model, state, found, trans } = props;
  const may = found.role !== 'assistant';
  return (
    <details className="jp-Coursewright-releases">
      <summary>{trans.__('Hold back and release grades')}</summary>
      <p className="jp-Coursewright-quiet">
        {may
          ? trans.__(
              'While grades are held back, students see that their work was graded, but no points and no feedback.'
            )
          : trans.__('Only instructors of the course can change this.')}
      </p>
      <ul className="jp-Coursewright-list">
        {found.lessons.map(lesson => (
          <Release key={lesson.key} model={model} state={state} lesson={lesson} may={may} trans={trans} />
        ))}
      </ul>
    </details>
  );
}

function Release(props: {
  model: ClassModel;
  state: IClassState;
  lesson: IClassLesson;
  may: boolean;
  trans: ITrans;
}): React.ReactElement {
  const { model, state, lesson, may, trans } = props;
  const { turning } = state;
  const held = turning?.lesson === lesson.key ? turning.held : lesson.held;
  return (
    <li>
      <label className="jp-Coursewright-tick">
        <input
          type="checkbox"
          role="switch"
          checked={held}
          disabled={!may}
          aria-disabled={turning !== null}
          aria-label={trans.__('Hold back the grades of %1', lesson.title)}
          onChange={event => void model.hold(lesson, event.target.checked)}
        />
        <span>{lesson.title}</span>
        <span className="jp-Coursewright-quiet">
          {held ? trans.__('Held back') : trans.__('Shown to students')}
        </span>
      </label>
    </li>
  );
}
