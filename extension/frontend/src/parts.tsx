/** Small pieces that several views share. */

import * as React from 'react';

import { Problem } from './request';
import { ITrans } from './words';

/** A failure as a sentence, with a way on. */
export function Trouble(props: {
  problem: Problem;
  trans: ITrans;
  again?: () => void;
}): React.ReactElement {
  const { problem, trans, again } = props;
  const box = React.useRef<HTMLDivElement>(null);
  React.useEffect(() => {
    // In newer browsers this gives a promise, which must not be taken for the effect's end.
    void box.current?.scrollIntoView({ block: 'nearest' });
  }, [problem]);
  const sentence =
    problem.message ||
    (problem.status === 0
      ? trans.__('Your server does not answer. Check the connection and try again.')
      : trans.__('That did not work (status %1). Try again soon.', problem.status));
  return (
    <div ref={box} className="jp-Coursewright-trouble" role="alert">
      <p>{sentence}</p>
      {again && (
        <button type="button" className="jp-mod-styled jp-mod-reject" onClick={again}>
          {trans.__('Try again')}
        </button>
      )}
    </div>
  );
}

export function Loading(props: { text: string }): React.ReactElement {
  return (
    <p className="jp-Coursewright-loading">
      <span className="jp-Coursewright-spinner" aria-hidden="true" />
      {props.text}
    </p>
  );
}

/** A sentence of an author, in which backticks mark code. */
export function Prose({ text }: { text: string }): React.ReactElement {
  const pieces = text.split(/`([^`]+)`/);
  return (
    <>{pieces.map((piece, index) => (index % 2 ? <code key={index}>{piece}</code> : piece))}</>
  );
}

/** How much of a whole; the words beside it say the same. */
export function Bar(props: { value: number; of: number; label: string }): React.ReactElement {
  const share = props.of > 0 ? Math.min(1, props.value / props.of) : 0;
  return (
    <div
      className="jp-Coursewright-bar"
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={props.of}
      aria-valuenow={props.value}
    >
      <div style={{ width: `${share * 100}%` }} />
    </div>
  );
}

/**
 * A heading that takes the focus when its view replaces one that had it. What had the focus is gone
 * by then; a student who is typing elsewhere keeps it.
 */
export function Heading(props: { text: string; take: boolean }): React.ReactElement {
  const heading = React.useRef<HTMLHeadingElement>(null);
  React.useEffect(() => {
    if (props.take && document.activeElement === document.body) {
      heading.current?.focus();
    }
  }, [props.take]);
  return (
    <h2 ref={heading} tabIndex={-1} className="jp-Coursewright-title">
      {props.text}
    </h2>
  );
}
