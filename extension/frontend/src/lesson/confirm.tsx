/** The question before a submit: what is still untouched, and what happens to unsaved changes. */

import { Dialog } from '@jupyterlab/apputils';
import { ReactWidget } from '@jupyterlab/ui-components';
import * as React from 'react';

import { role } from './exercises';
import { attemptOf } from './sentences';
import { facts, LessonWork } from './work';

export type Asking = 'untouched' | 'always' | 'never';

interface IUntouched {
  exercise: string;
  title: string;
}

/** Whether to hand in; `asking` says when to ask, and `never` is called when it is to be the last time. */
export async function confirm(
  work: LessonWork,
  asking: Asking,
  attempt: { number: number; allowed: number | null } | null,
  never: () => void
): Promise<boolean> {
  if (asking === 'never') {
    return true;
  }
  const untouched = await unanswered(work);
  const { trans } = work.desk;
  const unsaved = work.panel.context.model.dirty;
  if (!untouched.length && asking !== 'always') {
    return true;
  }
  const title = untouched.length
    ? trans._n(
        '%1 exercise is untouched. Submit?',
        '%1 exercises are untouched. Submit?',
        untouched.length
      )
    : trans.__('Submit this lesson?');
  const dialog = new Dialog({
    title,
    body: ReactWidget.create(
      <div className="jp-Coursewright-ask">
        {untouched.length > 0 && (
          <>
            <p>{trans.__('Still as it was handed out, or empty:')}</p>
            <ul>
              {untouched.map(({ exercise, title }) => (
                <li key={exercise}>{title}</li>
              ))}
            </ul>
          </>
        )}
        {unsaved && <p>{trans.__('Your last changes are not saved yet; they are saved first.')}</p>}
        {attempt && (
          <p>{trans.__('This will be: %1.', attemptOf(trans, attempt.number, attempt.allowed))}</p>
        )}
      </div>
    ),
    checkbox: { label: trans.__('Do not ask again'), caption: trans.__('See Settings, Courses') },
    buttons: [
      Dialog.cancelButton({ label: trans.__('Go on working') }),
      Dialog.okButton({ label: unsaved ? trans.__('Save and submit') : trans.__('Submit') })
    ]
  });
  // JupyterLab reads a dialog's title aloud only when its body is plain text.
  dialog.node.setAttribute('aria-label', [title, ...untouched.map(one => one.title)].join(' '));
  const answer = await dialog.launch();
  if (answer.button.accept && answer.isChecked) {
    never();
  }
  return answer.button.accept;
}

/** The exercises that hold no answer. What cannot be told is no reason to keep anybody waiting. */
async function unanswered(work: LessonWork): Promise<IUntouched[]> {
  const answers = [...(work.panel.model?.cells ?? [])]
    .filter(cell => ['solution', 'written'].includes(role(facts(cell))))
    .map(cell => {
      const { id, type, source, metadata } = facts(cell);
      return { id, cell_type: type, source, metadata };
    });
  if (!answers.length) {
    return [];
  }
  try {
    const found = await work.desk.ask<{ untouched: IUntouched[] }>('untouched', {
      method: 'POST',
      body: JSON.stringify({ cells: answers })
    });
    return found.untouched;
  } catch {
    console.warn('Coursewright: what is untouched could not be told.');
    return [];
  }
}
