/** Joining by a code that an instructor gave. */

import * as React from 'react';

import { CoursesModel } from './courses';
import { Problem } from './request';
import { ITrans } from './words';

export function JoinByCode(props: { model: CoursesModel; trans: ITrans }): React.ReactElement {
  const { model, trans } = props;
  const [code, setCode] = React.useState('');
  const [problem, setProblem] = React.useState('');
  const [busy, setBusy] = React.useState(false);
  const field = React.useRef<HTMLInputElement>(null);

  const join = async (event: React.FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) {
      return;
    }
    setBusy(true);
    setProblem('');
    try {
      await model.join(code);
    } catch (reason) {
      const said = reason instanceof Problem ? reason.message : String(reason);
      setProblem(said || trans.__('That did not work. Try again soon.'));
      field.current?.focus();
    } finally {
      setBusy(false);
    }
  };

  return (
    <form className="jp-Coursewright-join" onSubmit={event => void join(event)}>
      <label>
        {trans.__('Join with a code')}
        <input
          ref={field}
          className="jp-mod-styled"
          value={code}
          required
          maxLength={40}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          placeholder="ABCD-2345"
          aria-invalid={problem !== ''}
          aria-describedby={problem ? 'coursewright-join-problem' : undefined}
          onChange={event => setCode(event.target.value)}
        />
      </label>
      <button type="submit" className="jp-mod-styled" aria-disabled={busy}>
        {busy ? trans.__('Joining…') : trans.__('Join')}
      </button>
      {problem && (
        <p id="coursewright-join-problem" className="jp-Coursewright-problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
