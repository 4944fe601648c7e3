/** The parts of a request that most people leave as they are. */

import * as React from 'react';

import { Field } from './controls';
import { Field as Name } from './form';
import type { IPart } from './request';

/** A file of one's own material, as text. */
export interface IChosenFile {
  name: string;
  text: string;
}

/** Which field, its label, and what its hint says. */
export type NumberField = [Name, string, string?];

/** Short fields side by side. */
export function NumberFields(
  props: Omit<IPart, 'trans'> & { fields: readonly NumberField[] }
): React.ReactElement {
  const { values, set, problems, fields } = props;
  return (
    <div className="jp-Coursewright-fields">
      {fields.map(([name, label, hint]) => (
        <Field key={name} label={label} hint={hint} problem={problems[name]}>
          {names => (
            <input
              {...names}
              className="jp-mod-styled"
              inputMode="decimal"
              value={values[name]}
              onChange={event => set(name, event.target.value)}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

export function MoreFields(props: IPart): React.ReactElement {
  const { values, set, problems, trans } = props;
  const long: [Name, string, string][] = [
    ['objectives', trans.__('Objectives'), trans.__('One a line: what they can do afterwards')],
    ['prerequisites', trans.__('Prerequisites'), trans.__('One a line: what they bring along')],
    ['libraries', trans.__('Libraries'), trans.__('One a line: modules that may be imported')],
    ['style', trans.__('Style'), trans.__('How to write')]
  ];
  const short: NumberField[] = [
    ['tokens', trans.__('Most tokens'), trans.__('Empty: no limit')],
    ['money', trans.__('Most money'), trans.__('Empty: no limit')],
    ['minutes', trans.__('Most minutes'), trans.__('Empty: no limit')],
    ['seed', trans.__('Seed'), trans.__('The same seed, the same course')]
  ];
  return (
    <>
      <Field label={trans.__('Title')} problem={problems.title}>
        {names => (
          <input
            {...names}
            className="jp-mod-styled"
            value={values.title}
            onChange={event => set('title', event.target.value)}
          />
        )}
      </Field>
      {long.map(([name, label, hint]) => (
        <Field key={name} label={label} hint={hint} problem={problems[name]}>
          {names => (
            <textarea
              {...names}
              className="jp-mod-styled"
              rows={2}
              value={values[name]}
              onChange={event => set(name, event.target.value)}
            />
          )}
        </Field>
      ))}
      <NumberFields {...props} fields={short} />
    </>
  );
}
