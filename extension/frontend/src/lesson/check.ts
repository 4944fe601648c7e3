/** Checking: the student's cell and its visible tests, run in the student's own kernel. */

import { SessionContextDialogs } from '@jupyterlab/apputils';
import { Kernel } from '@jupyterlab/services';

import { IExercise } from './exercises';
import { idle, run } from './running';
import { summary } from './sentences';
import { hasCode, judge, Ran } from './verdict';
import { LessonWork } from './work';

/** Check these exercises one after another; while one check goes on, another does nothing. */
export async function check(
  work: LessonWork,
  exercises: readonly IExercise[],
  seconds: number
): Promise<void> {
  if (work.stop) {
    return;
  }
  const { trans } = work.desk;
  const stop = (work.stop = new AbortController());
  const said: string[] = [];
  try {
    exercises.forEach(({ key }) => work.show(key, { check: { step: 'waiting' } }));
    work.say(trans.__('Checking…'));
    const kernel = await started(work);
    for (const exercise of exercises) {
      said.push(await one(work, exercise, kernel, seconds, stop.signal));
    }
  } finally {
    work.stop = null;
    work.say(said.join(' '));
  }
}

async function one(
  work: LessonWork,
  exercise: IExercise,
  kernel: Kernel.IKernelConnection | null,
  seconds: number,
  stop: AbortSignal
): Promise<string> {
  const ready = kernel ? await idle(kernel, stop) : 'dead';
  let answer: Ran = ready === 'done' ? { end: 'done' } : { end: 'dead' };
  let tests: Ran[] = [];
  if (stop.aborted) {
    answer = { end: 'stopped' };
  } else if (kernel && ready === 'done') {
    work.show(exercise.key, { check: { step: 'running' } });
    answer = await run(kernel, exercise.source, seconds, stop);
    tests = answer.end === 'done' ? await all(exercise, kernel, seconds, stop) : [];
  }
  const verdict = judge(exercise, answer, tests);
  const done = { step: 'done' as const, verdict, source: exercise.source, seconds };
  work.show(exercise.key, { check: done });
  work.tell('code.checked', exercise.key, { passed: verdict.kept, of: verdict.of });
  return `${exercise.title}: ${summary(work.desk.trans, verdict)}`;
}

async function all(
  exercise: IExercise,
  kernel: Kernel.IKernelConnection,
  seconds: number,
  stop: AbortSignal
): Promise<Ran[]> {
  const ends: Ran[] = [];
  for (const { source } of exercise.tests) {
    const before = ends.at(-1)?.end;
    if (before === 'late' || before === 'stopped' || before === 'dead' || before === 'skipped') {
      ends.push({ end: 'skipped' });
    } else {
      ends.push(hasCode(source) ? await run(kernel, source, seconds, stop) : { end: 'done' });
    }
  }
  return ends;
}

/** The notebook's kernel, started when there is none; null when the student chose none. */
async function started(work: LessonWork): Promise<Kernel.IKernelConnection | null> {
  const { sessionContext } = work.panel;
  try {
    await sessionContext.ready;
    if (sessionContext.hasNoKernel && (await sessionContext.startKernel())) {
      await new SessionContextDialogs().selectKernel(sessionContext);
    }
  } catch (reason) {
    console.warn('Coursewright: no kernel could be started.', reason);
  }
  return sessionContext.session?.kernel ?? null;
}
