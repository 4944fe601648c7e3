/** Bringing an exercise back to what was handed out; what stood there is kept in a file. */

import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import { Contents } from '@jupyterlab/services';

import { sentence } from '../parts';
import { Problem } from '../request';
import { IExercise } from './exercises';
import { LessonWork } from './work';

interface IReleased {
  source: string;
}

export async function reset(
  work: LessonWork,
  exercise: IExercise,
  contents: Contents.IManager
): Promise<void> {
  const { trans, documents } = work.desk;
  const { title } = exercise;
  try {
    const { source } = await work.desk.ask<IReleased>(work.path(exercise.key, 'released'));
    if (work.model(exercise.cell)?.sharedModel.getSource() === source) {
      Notification.info(trans.__('“%1” is as it was handed out already.', title));
      return;
    }
    const path = place(work, exercise);
    if (!(await agreed(work, title, path))) {
      return;
    }
    const cell = work.model(exercise.cell);
    if (!cell) {
      return;
    }
    await keep(contents, path, cell.sharedModel.getSource());
    step(cell.sharedModel);
    cell.sharedModel.setSource(source);
    work.show(exercise.key, { check: null });
    const done = trans.__('“%1” is as it was handed out. Your answer is kept in %2.', title, path);
    Notification.success(done, {
      autoClose: 12_000,
      actions: [
        { label: trans.__('Undo'), callback: () => cell.sharedModel.undo() },
        { label: trans.__('Open the copy'), callback: () => void documents.openOrReveal(path) }
      ]
    });
    work.say(done);
  } catch (reason) {
    const why =
      reason instanceof Problem
        ? sentence(reason, trans)
        : trans.__('A copy of your answer could not be written.');
    Notification.error(trans.__('“%1” was not reset and stays as it is. %2', title, why), {
      autoClose: false
    });
  }
}

async function agreed(work: LessonWork, title: string, path: string): Promise<boolean> {
  const { trans } = work.desk;
  const answer = await showDialog({
    title: trans.__('Reset “%1”?', title),
    body: trans.__(
      'Your answer makes way for what was handed out. A copy of it is kept in %1, and Undo brings it back. Nothing else in the notebook changes.',
      path
    ),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep my answer') }),
      Dialog.warnButton({ label: trans.__('Reset') })
    ]
  });
  return answer.button.accept;
}

/** A file beside the lesson that no other copy has. */
function place(work: LessonWork, exercise: IExercise): string {
  const { context } = work.panel;
  const language = context.model.getMetadata('language_info') as
    | { file_extension?: string }
    | undefined;
  const ending = exercise.written ? '.md' : language?.file_extension ?? '.py';
  const time = new Date().toISOString().slice(0, 19).replace(/:/g, '-');
  const name = `${work.belonging.lesson}-${exercise.key.replace(/[^\w-]/g, '-')}-${time}${ending}`;
  return PathExt.join(PathExt.dirname(context.path), 'kept', name);
}

async function keep(contents: Contents.IManager, path: string, text: string): Promise<void> {
  const folder = PathExt.dirname(path);
  try {
    await contents.get(folder, { content: false });
  } catch {
    await contents.save(folder, { type: 'directory' });
  }
  await contents.save(path, { type: 'file', format: 'text', content: text });
}

/** What follows is one step of Undo of its own, even right after typing. */
function step(cell: object): void {
  (cell as { undoManager?: { stopCapturing?: () => void } }).undoManager?.stopCapturing?.();
}
