/** How well the student commands each concept of a course. */

import * as React from 'react';

import { IConcept } from './tokens';
import { ITrans } from './words';

export function Mastery(props: {
  concepts: IConcept[];
  trans: ITrans;
}): React.ReactElement | null {
  const { concepts, trans } = props;
  if (!concepts.length) {
    return null;
  }
  return (
    <details className="jp-Coursewright-mastery">
      <summary>
        {trans._n('What you have learned: %1 concept', 'What you have learned: %1 concepts', concepts.length)}
      </summary>
      <ul className="jp-Coursewright-list">
        {concepts.map(one => (
          <li key={one.concept}>
            <div className="jp-Coursewright-row">
              <span>{one.concept}</span>
              <span className="jp-Coursewright-quiet">
                {trans.__('%1, %2 of 100', level(trans, one.level), Math.floor(one.score))}
              </span>
            </div>
            <div className="jp-Coursewright-bar" data-level={one.colour} aria-hidden="true">
              <div style={{ width: `${one.score}%` }} />
            </div>
          </li>
        ))}
      </ul>
    </details>
  );
}

function level(trans: ITrans, name: string): string {
  switch (name) {
    case 'Beginner':
      return trans.__('Beginner');
    case 'Learning':
      return trans.__('Learning');
    case 'Proficient':
      return trans.__('Proficient');
    case 'Mastered':
      return trans.__('Mastered');
    default:
      return name;
  }
}
