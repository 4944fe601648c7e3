/** Until when, and how long that is. */

import * as React from 'react';

import { fromNow, moment, urgency } from './states';
import { ITrans } from './words';

/** A date with the time left; what is soon or past says so in words too. */
export function DueDate(props: { due: string; done: boolean; trans: ITrans }): React.ReactElement {
  const { due, done, trans } = props;
  const now = Date.now();
  const how = done ? 'later' : urgency(due, now);
  const left = fromNow(due, now);
  const said =
    how === 'past' ? trans.__('Was due %1 (%2)', moment(due), left) : trans.__('Due %1', moment(due));
  return (
    <span className="jp-Coursewright-due" data-urgency={how}>
      <time dateTime={due}>{said}</time>
      {how !== 'past' && !done && <> · {left}</>}
    </span>
  );
}
