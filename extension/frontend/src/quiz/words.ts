/** What is said about quizzes and their results. Pure. */

import type { ITrans } from '../words';
// With its ending, so that node finds it too, which runs the tests.
import { figure, score } from '../words.js';
import type { IItemResult, IQuiz } from './types';

export type Verdict = 'right' | 'partly' | 'wrong' | 'open';

/** A sign that goes with the words of a verdict, for those who see it. */
export const SIGNS: Readonly<Record<Verdict, string>> = {
  right: '✓',
  partly: '◐',
  wrong: '✗',
  open: '–'
};

export function verdict(result: IItemResult): Verdict {
  if (!result.answered) {
    return 'open';
  }
  return result.right ? 'right' : result.points > 0 ? 'partly' : 'wrong';
}

export function verdictWord(trans: ITrans, result: IItemResult): string {
  switch (verdict(result)) {
    case 'right':
      return trans.__('Right');
    case 'partly':
      return trans.__('Partly right');
    case 'wrong':
      return trans.__('Not right');
    case 'open':
      return trans.__('Not answered');
  }
}

export function pointsOf(trans: ITrans, points: number, of: number): string {
  return trans._n('%2 of %3 point', '%2 of %3 points', of, figure(points), figure(of));
}

export function worth(trans: ITrans, points: number): string {
  return trans._n('%2 point', '%2 points', points, figure(points));
}

export function attemptsLeft(trans: ITrans, quiz: IQuiz): string {
  if (quiz.left === null) {
    return trans.__('You teach this course: your attempts count for nobody');
  }
  if (quiz.left === 0) {
    return trans.__('No attempts left');
  }
  return trans._n('%1 attempt left', '%1 attempts left', quiz.left);
}

/** One line about a quiz, for the list of the lesson's quizzes. */
export function quizState(trans: ITrans, quiz: IQuiz): string {
  const open = quiz.closed ? trans.__('Closed') : attemptsLeft(trans, quiz);
  if (quiz.best === null && quiz.held && quiz.tries.length > 0) {
    return trans.__('Answered, not released yet · %1', open);
  }
  if (quiz.best === null) {
    return trans.__('Not answered yet · %1', open);
  }
  const best = pointsOf(trans, quiz.best, quiz.max_points);
  return quiz.best >= quiz.max_points ? best : trans.__('%1 · %2', best, open);
}

/** What is read aloud when answers have been marked. */
export function outcome(trans: ITrans, quiz: IQuiz): string {
  const last = quiz.tries[quiz.tries.length - 1];
  if (!last) {
    return '';
  }
  if (last.points === null) {
    return trans.__(
      'Attempt %1 was handed in. Your teachers release the results later.',
      last.attempt
    );
  }
  const points = score(trans, last.points, last.max_points);
  const sentence = trans.__('Attempt %1: %2 points.', last.attempt, points);
  return last.points >= last.max_points ? sentence : `${sentence} ${attemptsLeft(trans, quiz)}.`;
}

/** What is said before answers go out with questions left open; `open` are their numbers. */
export function leftOpen(trans: ITrans, open: readonly number[]): string {
  return trans._n(
    'Question %2 has no answer yet. Answer it, or submit again to leave it open.',
    'Questions %2 have no answer yet. Answer them, or submit again to leave them open.',
    open.length,
    open.join(', ')
  );
}
