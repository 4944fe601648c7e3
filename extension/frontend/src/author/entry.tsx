/** A field in a cell's bar: what is typed counts when one leaves it, presses Enter or saves. */

import * as React from 'react';

interface IProps {
  label: string;
  value: string;
  commit: (text: string) => void;
  /** What is wrong with it, or nothing; what is wrong is not written into the notebook. */
  check?: (text: string) => string;
  narrow?: boolean;
  long?: boolean;
}

export function Entry({ label, value, commit, check, narrow, long }: IProps): React.ReactElement {
  const id = React.useId();
  const [text, setText] = React.useState(value);
  // The notebook changed elsewhere, such as by undoing.
  React.useEffect(() => setText(value), [value]);
  const wrong = check?.(text) ?? '';
  const settle = (): void => {
    if (text !== value && !wrong) {
      commit(text);
    }
  };
  const props = {
    id,
    className: 'jp-mod-styled',
    value: text,
    'aria-invalid': wrong ? true : undefined,
    'aria-describedby': wrong ? `${id}-wrong` : undefined,
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
      setText(event.target.value),
    onBlur: settle,
    onKeyDown: (event: React.KeyboardEvent) => {
      const saving = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's';
      if (saving || (event.key === 'Enter' && !long)) {
        settle();
      }
      if (event.key === 'Enter') {
        event.stopPropagation();
      }
    }
  };
  return (
    <span className="jp-Coursewright-entry" data-narrow={narrow} data-long={long}>
      <label htmlFor={id}>{label}</label>
      {long ? (
        <textarea rows={Math.max(3, text.split('\n').length)} {...props} />
      ) : (
        <input {...props} />
      )}
      {wrong && (
        <span id={`${id}-wrong`} className="jp-Coursewright-wrong">
          {wrong}
        </span>
      )}
    </span>
  );
}
