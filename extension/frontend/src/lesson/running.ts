/** Running a piece of code in the student's kernel without a trace in the notebook. */

import { Kernel, KernelMessage } from '@jupyterlab/services';

import { failingLine, Ran } from './verdict';

/** Milliseconds that an interrupted kernel has to come back. */
const PATIENCE = 5000;
const GONE = ['dead', 'restarting', 'autorestarting', 'terminating'];

/** Run `code`, for `seconds` at most and until `stop` says so. Never rejects. */
export function run(
  kernel: Kernel.IKernelConnection,
  code: string,
  seconds: number,
  stop: AbortSignal
): Promise<Ran> {
  return new Promise(resolve => {
    let why: 'late' | 'stopped' | null = null;
    let failed: Ran | null = null;
    let patience = 0;
    const end = (ran: Ran): void => {
      window.clearTimeout(limit);
      window.clearTimeout(patience);
      stop.removeEventListener('abort', stopped);
      kernel.statusChanged.disconnect(watch);
      kernel.disposed.disconnect(gone);
      resolve(ran);
    };
    const interrupt = (reason: 'late' | 'stopped'): void => {
      why ??= reason;
      patience ||= window.setTimeout(() => end({ end: why! }), PATIENCE);
      void kernel.interrupt().catch(() => undefined);
    };
    const stopped = (): void => interrupt('stopped');
    const gone = (): void => end({ end: 'dead' });
    const watch = (_: unknown, status: Kernel.Status): void => {
      if (GONE.includes(status)) {
        gone();
      }
    };
    const limit = window.setTimeout(() => interrupt('late'), seconds * 1000);
    stop.addEventListener('abort', stopped);
    kernel.statusChanged.connect(watch);
    kernel.disposed.connect(gone);
    const future = kernel.requestExecute({
      code,
      silent: true,
      store_history: false,
      allow_stdin: false,
      stop_on_error: false
    });
    // Some kernels tell an error here alone, others in their reply alone.
    future.onIOPub = message => {
      if (KernelMessage.isErrorMsg(message)) {
        failed = error(message.content);
      }
    };
    future.done.then(
      ({ content }) => {
        if (why) {
          end({ end: why });
        } else if (content.status === 'error') {
          end(error(content));
        } else {
          end(failed ?? { end: content.status === 'ok' ? 'done' : 'stopped' });
        }
      },
      () => end({ end: why ?? 'dead' })
    );
  });
}

/** Wait until the kernel has nothing else to do. */
export function idle(kernel: Kernel.IKernelConnection, stop: AbortSignal): Promise<Ran['end']> {
  return new Promise(resolve => {
    const look = (): void => {
      const ready = kernel.status === 'idle';
      const gone = kernel.isDisposed || kernel.status === 'dead';
      if (ready || gone || stop.aborted) {
        kernel.statusChanged.disconnect(look);
        stop.removeEventListener('abort', look);
        resolve(ready ? 'done' : gone ? 'dead' : 'stopped');
      }
    };
    kernel.statusChanged.connect(look);
    stop.addEventListener('abort', look);
    look();
  });
}

function error(content: { ename: string; evalue: string; traceback: string[] }): Ran {
  const { ename, evalue, traceback } = content;
  return { end: 'error', name: ename ?? '', value: evalue ?? '', line: failingLine(traceback ?? []) };
}
