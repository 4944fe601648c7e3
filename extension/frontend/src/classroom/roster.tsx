/** The students of a class: one line for each, walked through with the arrow keys. */

import * as React from 'react';

import { ITrans } from '../words';
import { IClass, IPupil } from './types';
import { efforts, place, presence, stuck } from './words';

interface IProps {
  pupils: IPupil[];
  course: IClass;
  open: (submission: number) => void;
  trans: ITrans;
}

export function Roster({ pupils, course, open, trans }: IProps): React.ReactElement {
  const list = React.useRef<HTMLUListElement>(null);
  const [at, setAt] = React.useState<string | null>(null);
  const current = pupils.some(one => one.person === at) ? at : (pupils[0]?.person ?? null);
  const walk = (event: React.KeyboardEvent): void => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('button') ?? [])];
    const from = rows.findIndex(row => row === document.activeElement);
    const to = { ArrowDown: from + 1, ArrowUp: from - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (to !== undefined && rows[to]) {
      event.preventDefault();
      rows[to].focus();
    }
  };
  return (
    <ul
      ref={list}
      className="jp-Coursewright-list jp-Coursewright-roster"
      aria-label={trans.__('Students')}
      onKeyDown={walk}
    >
      {pupils.map(one => (
        <Row
          key={one.person}
          pupil={one}
          course={course}
          current={one.person === current}
          take={() => setAt(one.person)}
          open={open}
          trans={trans}
        />
      ))}
    </ul>
  );
}

function Row(props: {
  pupil: IPupil;
  course: IClass;
  current: boolean;
  take: () => void;
  open: (submission: number) => void;
  trans: ITrans;
}): React.ReactElement {
  const { pupil, course, current, take, open, trans } = props;
  const { submission } = pupil;
  const late = stuck(trans, pupil, course.at);
  const tried = efforts(trans, pupil);
  return (
    <li>
      <button
        type="button"
        className="jp-Coursewright-pupil"
        data-here={pupil.here}
        data-stuck={pupil.here && late !== ''}
        tabIndex={current ? 0 : -1}
        aria-disabled={submission === null}
        title={
          submission === null
            ? trans.__('Nothing handed in here yet')
            : trans.__('Read the newest hand-in')
        }
        onFocus={take}
        onClick={() => {
          if (submission !== null) {
            open(submission);
          }
        }}
      >
        <span className="jp-Coursewright-row">
          <strong>{pupil.display_name}</strong>
          <span className="jp-Coursewright-here">{presence(trans, pupil, course.at)}</span>
        </span>
        {pupil.lesson && <span>{place(pupil, course)}</span>}
        {(late || tried) && (
          <span className="jp-Coursewright-quiet">
            {late && <strong className="jp-Coursewright-stuck">{late}</strong>}
            {late && tried && ' · '}
            {tried}
          </span>
        )}
      </button>
    </li>
  );
}
