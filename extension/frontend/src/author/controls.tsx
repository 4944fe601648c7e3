/** Fields, buttons and disclosures of the author's views. */

import * as React from 'react';

import { Prose } from '../parts';
import { ITrans } from '../words';

interface IField {
  label: string;
  hint?: string;
  problem?: string;
  children: (names: IFieldNames) => React.ReactElement;
}

/** What ties a control to its label, its hint and what is wrong with it. */
export interface IFieldNames {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

/** A label above a control, with what is wrong below it. */
export function Field({ label, hint, problem, children }: IField): React.ReactElement {
  const id = React.useId();
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ');
  return (
    <div className="jp-Coursewright-field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        'aria-describedby': described || undefined,
        'aria-invalid': problem ? true : undefined
      })}
      {hint && (
        <span id={`${id}-hint`} className="jp-Coursewright-quiet">
          {hint}
        </span>
      )}
      {problem && (
        <span id={`${id}-problem`} className="jp-Coursewright-wrong">
          <Prose text={problem} />
        </span>
      )}
    </div>
  );
}

interface IButton {
  label: string;
  act: () => void;
  /** Read aloud in place of the label, where the label alone says too little. */
  name?: string;
  accept?: boolean;
  off?: boolean;
}

/** Stays focusable while it is off, so that nobody loses their place. */
export function Button({ label, act, name, accept, off }: IButton): React.ReactElement {
  return (
    <button
      type="button"
      className={`jp-mod-styled ${accept ? 'jp-mod-accept' : 'jp-mod-reject'}`}
      aria-label={name}
      aria-disabled={off ? 'true' : undefined}
      onClick={() => {
        if (!off) {
          act();
        }
      }}
    >
      {label}
    </button>
  );
}

/** A word with a sign before it: never the colour alone. */
export function Mark(props: {
  look: 'good' | 'bad' | 'note' | 'busy';
  text: string;
}): React.ReactElement {
  const signs = { good: '✓', bad: '✕', note: 'i', busy: '…' };
  return (
    <span className="jp-Coursewright-look" data-look={props.look}>
      <span aria-hidden="true">{signs[props.look]}</span> {props.text}
    </span>
  );
}

export function moment(iso: string): string {
  const when = new Date(iso);
  return Number.isNaN(when.valueOf())
    ? iso
    : when.toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

/** "3 min 5 s" */
export function duration(trans: ITrans, seconds: number): string {
  const all = Math.round(seconds);
  return all >= 60
    ? trans.__('%1 min %2 s', Math.floor(all / 60), all % 60)
    : trans.__('%1 s', all);
}

export function share(value: number | null): string {
  return value === null ? '–' : `${Math.round(value * 100)} %`;
}
