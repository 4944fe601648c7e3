/** What waits for the student across all courses: feedback to read, what is due, the streak. */

import * as React from 'react';

import { DueDate } from './due';
import { CoursesModel } from './courses';
import { IStanding, IStreak } from './tokens';
import { ITrans } from './words';

interface IProps {
  model: CoursesModel;
  standing: IStanding;
  trans: ITrans;
}

export function Standing({ model, standing, trans }: IProps): React.ReactElement | null {
  const { streak, unread, due } = standing;
  if (!streak.days && !unread.length && !due.length) {
    return null;
  }
  return (
    <section className="jp-Coursewright-standing" aria-label={trans.__('Where you stand')}>
      {streak.days > 0 && <p className="jp-Coursewright-streak">{streakWords(trans, streak)}</p>}
      {unread.length > 0 && (
        <ul className="jp-Coursewright-list" aria-label={trans.__('Feedback to read')}>
          {unread.map(one => (
            <li key={one.submission}>
              <button
                type="button"
                className="jp-Coursewright-way"
                onClick={() => void model.go(one.course, one.lesson)}
              >
                <span className="jp-Coursewright-badge">{trans.__('New feedback')}</span>
                {one.title}
              </button>
            </li>
          ))}
        </ul>
      )}
      {due.length > 0 && (
        <>
          <h3 className="jp-Coursewright-group">{trans.__('Due next')}</h3>
          <ul className="jp-Coursewright-list">
            {due.map(one => (
              <li key={`${one.course}/${one.lesson}`}>
                <button
                  type="button"
                  className="jp-Coursewright-way"
                  onClick={() => void model.go(one.course, one.lesson)}
                >
                  <span>
                    {one.title}
                    <span className="jp-Coursewright-quiet"> · {one.course_title}</span>
                  </span>
                  <DueDate due={one.due} done={false} trans={trans} />
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function streakWords(trans: ITrans, { days, today }: IStreak): string {
  const run = trans._n('%1 day in a row', '%1 days in a row', days);
  return today ? run : trans.__('%1. Work today to keep it up.', run);
}
