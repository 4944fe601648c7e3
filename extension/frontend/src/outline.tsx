/** One course: its modules, its lessons, and how far the student is. */

import { caretLeftIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

import { CoursesModel } from './courses';
import { DueDate } from './due';
import { Mastery } from './mastery';
import { Bar, Heading, Loading, Trouble } from './parts';
import { isOutdated, size, standing, standingWords } from './states';
import { ICourse, ILesson } from './tokens';
import { figure, ITrans, progress } from './words';

interface IProps {
  model: CoursesModel;
  trans: ITrans;
  /** The lesson whose notebook is in front, if it is one of this course. */
  current: string | null;
  /** What other plugins show below the course's head. */
  more: React.ReactNode;
}

export function Outline({ model, trans, current, more }: IProps): React.ReactElement {
  const { course, concepts, loading, problem } = model.state;
  return (
    <>
      <div className="jp-Coursewright-header">
        <button
          type="button"
          className="jp-Coursewright-back"
          onClick={() => void model.leave()}
        >
          <caretLeftIcon.react tag="span" aria-hidden="true" />
          {trans.__('All courses')}
        </button>
        <Heading text={course?.title ?? trans.__('Course')} take />
        {course && <Progress course={course} trans={trans} />}
        {course && more}
      </div>
      <div className="jp-Coursewright-body">
        {problem && (
          <Trouble problem={problem} trans={trans} again={() => void model.refresh()} />
        )}
        {loading && !course && <Loading text={trans.__('Loading the course…')} />}
        {course && concepts && <Mastery concepts={concepts} trans={trans} />}
        {course?.modules.map(module => (
          <section key={module.key} aria-label={module.title}>
            <h3 className="jp-Coursewright-group">{module.title}</h3>
            <ul className="jp-Coursewright-list jp-Coursewright-lessons">
              {module.lessons.map(lesson => (
                <Lesson
                  key={lesson.key}
                  lesson={lesson}
                  current={lesson.key === current}
                  busy={model.state.busy === lesson.key}
                  open={() => void model.open(lesson.key)}
                  trans={trans}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}

function Progress({ course, trans }: { course: ICourse; trans: ITrans }): React.ReactElement {
  const far = progress(course);
  return (
    <>
      <Bar value={far.points} of={far.max_points} label={trans.__('Points in this course')} />
      <p className="jp-Coursewright-quiet">
        {trans.__('%1 of %2 lessons graded', far.graded, far.lessons)}
        {' · '}
        {trans.__('%1 of %2 points', figure(far.points), figure(far.max_points))}
      </p>
    </>
  );
}

function Lesson(props: {
  lesson: ILesson;
  current: boolean;
  busy: boolean;
  open: () => void;
  trans: ITrans;
}): React.ReactElement {
  const { lesson, current, busy, open, trans } = props;
  return (
    <li>
      <button
        type="button"
        className="jp-Coursewright-lesson"
        aria-current={current ? 'true' : undefined}
        disabled={busy}
        onClick={open}
      >
        <span className="jp-Coursewright-dot" data-state={standing(lesson)} aria-hidden="true" />
        <span className="jp-Coursewright-lessonText">
          <span className="jp-Coursewright-lessonTitle">{lesson.title}</span>
          <span className="jp-Coursewright-quiet">
            {busy ? trans.__('Opening…') : standingWords(trans, lesson)}
            {size(trans, lesson) && ` · ${size(trans, lesson)}`}
          </span>
          {lesson.late && <span className="jp-Coursewright-quiet">{lesson.late.sentence}</span>}
          {lesson.due && <DueDate due={lesson.due} done={lesson.attempts > 0} trans={trans} />}
          <Badges lesson={lesson} trans={trans} />
        </span>
      </button>
    </li>
  );
}

function Badges({ lesson, trans }: { lesson: ILesson; trans: ITrans }): React.ReactElement | null {
  const said = [
    lesson.unread !== null && trans.__('New feedback'),
    isOutdated(lesson) && trans.__('New version')
  ].filter(Boolean);
  if (!said.length) {
    return null;
  }
  return (
    <span className="jp-Coursewright-badges">
      {said.map(one => (
        <span key={String(one)} className="jp-Coursewright-badge">
          {one}
        </span>
      ))}
    </span>
  );
}
