/** A quiz as a form: its questions, Submit, and the result with another try. */

import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import * as React from 'react';

import { Loading, Trouble } from '../parts';
import { ITrans } from '../words';
import { IAnswering, QuizModel } from './model';
import { Question } from './question';
import { IQuiz } from './types';
import { attemptsLeft, leftOpen, outcome, pointsOf } from './words';

interface IShared {
  model: QuizModel;
  rendermime: IRenderMimeRegistry;
  trans: ITrans;
}

/** The quiz with this key, whatever is known of it by now. */
export function QuizForm(props: IShared & { quizKey: string }): React.ReactElement {
  const { model, quizKey, trans } = props;
  const [, draw] = React.useReducer((times: number) => times + 1, 0);
  React.useEffect(() => {
    model.changed.connect(draw);
    return () => void model.changed.disconnect(draw);
  }, [model]);
  const quiz = model.quiz(quizKey);
  if (quiz) {
    return <Known {...props} quiz={quiz} />;
  }
  if (model.problem) {
    return <Trouble problem={model.problem} trans={trans} again={() => void model.load()} />;
  }
  return model.loading || model.quizzes === null ? (
    <Loading text={trans.__('Loading the quiz…')} />
  ) : (
    <p className="jp-Coursewright-quizQuiet">
      {trans.__('This quiz is no longer part of the lesson.')}
    </p>
  );
}

function Known(props: IShared & { quiz: IQuiz }): React.ReactElement {
  const { model, quiz, trans } = props;
  const about = model.about(quiz.key);
  const open = model.isOpen(quiz);
  const [box, next] = useFocus();
  const submit = (event: React.FormEvent): void => {
    event.preventDefault();
    next.current = '.jp-Coursewright-quizScore, [data-missed] :is(input, textarea)';
    void model.submit(quiz);
  };
  return (
    <section ref={box} aria-label={trans.__('Quiz: %1', quiz.title)}>
      <Head quiz={quiz} trans={trans} />
      <form onSubmit={submit} noValidate>
        {!open && quiz.tries.length > 0 && (
          <p className="jp-Coursewright-quizScore" tabIndex={-1}>
            <strong>{outcome(trans, quiz)}</strong>
          </p>
        )}
        <Questions {...props} about={about} open={open} />
        {about.open.length > 0 && (
          <p className="jp-Coursewright-quizNote" role="alert">
            {leftOpen(trans, numbers(quiz, about.open))}
          </p>
        )}
        {about.problem && <Trouble problem={about.problem} trans={trans} />}
        <Acts
          {...props}
          about={about}
          open={open}
          again={() => {
            next.current = 'fieldset :is(input:checked, input, textarea)';
            model.again(quiz);
          }}
        />
      </form>
      <div className="jp-Coursewright-spoken" role="status">
        {open ? '' : outcome(trans, quiz)}
      </div>
    </section>
  );
}

function Head({ quiz, trans }: { quiz: IQuiz; trans: ITrans }): React.ReactElement {
  const said = quiz.closed ? [quiz.closed] : [attemptsLeft(trans, quiz)];
  if (quiz.best !== null) {
    said.push(trans.__('best: %1', pointsOf(trans, quiz.best, quiz.max_points)));
  }
  return (
    <p className="jp-Coursewright-quizHead">
      <strong>{quiz.title}</strong>
      <span className="jp-Coursewright-quizQuiet">{said.join(' · ')}</span>
    </p>
  );
}

function Questions(
  props: IShared & { quiz: IQuiz; about: IAnswering; open: boolean }
): React.ReactElement {
  const { model, quiz, about, open, rendermime, trans } = props;
  const draft = model.draft(quiz.key);
  return (
    <>
      {quiz.questions.map((question, index) => {
        const result = quiz.results.find(one => one.key === question.key);
        const answer = open ? draft?.answers[question.key] : result?.answer;
        return (
          <Question
            key={question.key}
            question={question}
            number={index + 1}
            answer={answer ?? null}
            result={open ? null : (result ?? null)}
            fixed={!open || about.sending || Boolean(draft?.key)}
            missed={about.open.includes(question.key)}
            onAnswer={one => model.answer(quiz.key, question.key, one)}
            rendermime={rendermime}
            trans={trans}
          />
        );
      })}
    </>
  );
}

function Acts(
  props: IShared & { quiz: IQuiz; about: IAnswering; open: boolean; again: () => void }
): React.ReactElement | null {
  const { model, quiz, about, open, again, trans } = props;
  if (!open) {
    const perfect = quiz.best !== null && quiz.best >= quiz.max_points;
    return quiz.left === 0 || quiz.closed || perfect ? null : (
      <button type="button" className="jp-mod-styled jp-mod-reject" onClick={again}>
        {trans.__('Try again')}
      </button>
    );
  }
  const unsure = Boolean(model.draft(quiz.key)?.key) && !about.sending;
  return (
    <>
      {unsure && (
        <p className="jp-Coursewright-quizNote">
          {trans.__(
            'It is not known whether your answers arrived. They are kept here as you sent them; send them again, they count once.'
          )}
        </p>
      )}
      <button
        type="submit"
        className="jp-mod-styled jp-mod-accept"
        aria-disabled={about.sending}
      >
        {about.sending
          ? trans.__('Submitting…')
          : unsure
            ? trans.__('Send again')
            : trans.__('Submit answers')}
      </button>
    </>
  );
}

/** What is to have the focus once it is there: a button that was pressed may be gone by then. */
function useFocus(): [React.RefObject<HTMLElement>, React.MutableRefObject<string | null>] {
  const box = React.useRef<HTMLElement>(null);
  const next = React.useRef<string | null>(null);
  React.useEffect(() => {
    const found = next.current === null ? null : box.current?.querySelector<HTMLElement>(next.current);
    if (found) {
      next.current = null;
      found.focus();
    }
  });
  return [box, next];
}

function numbers(quiz: IQuiz, keys: readonly string[]): number[] {
  return quiz.questions.flatMap(({ key }, index) => (keys.includes(key) ? [index + 1] : []));
}
