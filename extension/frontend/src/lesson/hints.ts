/** Hints: asked for one at a time, and shown again whenever the lesson is opened. */

import { Problem } from '../request';
import { sentence } from '../parts';
import { IExercise } from './exercises';
import { IHints, LessonWork } from './work';

/** What was given in earlier sessions; without the service nothing is shown. */
export async function recall(work: LessonWork): Promise<void> {
  const { course, lesson } = work.belonging;
  const path = `courses/${encodeURIComponent(course)}/lessons/${encodeURIComponent(lesson)}/hints`;
  try {
    const found = await work.desk.ask<{ exercises: Record<string, IHints> }>(
      `${path}?no_track_activity=1`
    );
    for (const [key, hints] of Object.entries(found.exercises)) {
      work.show(key, { hints });
    }
  } catch {
    console.warn('Coursewright: earlier hints could not be loaded.');
  }
}

/** Show one hint more. */
export async function next(work: LessonWork, exercise: IExercise): Promise<void> {
  const { trans } = work.desk;
  const { key } = exercise;
  const path = work.path(key, 'hints');
  work.show(key, { asked: true, trouble: '' });
  try {
    const known = await work.desk.ask<IHints>(path);
    const tier = known.given.length + 1;
    if (tier > known.tiers) {
      work.show(key, { hints: known });
      work.say(
        known.tiers
          ? trans.__('Every hint to this exercise is shown.')
          : trans.__('This exercise has no hints.')
      );
      return;
    }
    const body = JSON.stringify({ tier });
    const hints = await work.desk.ask<IHints>(path, { method: 'POST', body });
    work.show(key, { hints });
    work.say(`${trans.__('Hint %1 of %2', tier, hints.tiers)}. ${hints.given[tier - 1] ?? ''}`);
    work.tell('exercise.hinted', key, { tier });
  } catch (reason) {
    const problem = reason instanceof Problem ? reason : new Problem(String(reason), -1);
    work.show(key, { trouble: sentence(problem, trans) });
  }
}
