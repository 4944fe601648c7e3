/** The quizzes of the open lesson, in the Courses panel. */

import * as React from 'react';

import { ITrans } from '../words';
import { QuizModel } from './model';
import { IQuiz } from './types';
import { quizState } from './words';

export function QuizList(props: {
  model: QuizModel;
  trans: ITrans;
  show: (key: string) => void;
}): React.ReactElement | null {
  const { model, trans, show } = props;
  if (!model.quizzes?.length) {
    return null;
  }
  return (
    <ul className="jp-Coursewright-list" aria-label={trans.__('Quizzes of this lesson')}>
      {model.quizzes.map(quiz => (
        <Item key={quiz.key} quiz={quiz} trans={trans} show={() => show(quiz.key)} />
      ))}
    </ul>
  );
}

function Item(props: { quiz: IQuiz; trans: ITrans; show: () => void }): React.ReactElement {
  const { quiz, trans, show } = props;
  return (
    <li className="jp-Coursewright-row jp-Coursewright-quizItem">
      <span className="jp-Coursewright-lessonText">
        <span className="jp-Coursewright-lessonTitle">{trans.__('Quiz: %1', quiz.title)}</span>
        <span className="jp-Coursewright-quiet">{quizState(trans, quiz)}</span>
      </span>
      <button
        type="button"
        className="jp-mod-styled jp-mod-reject"
        aria-label={trans.__('Go to quiz: %1', quiz.title)}
        onClick={show}
      >
        {trans.__('Go to quiz')}
      </button>
    </li>
  );
}
