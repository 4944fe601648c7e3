/** Bringing one of our panels forward, with the focus in it. */

import { JupyterFrontEnd } from '@jupyterlab/application';

/**
 * The command palette gives the focus back to the main area when it closes, which is after the
 * command has run; so the panel asks once more, a frame later.
 */
export function bringForward(shell: JupyterFrontEnd.IShell, id: string): void {
  shell.activateById(id);
  window.requestAnimationFrame(() => shell.activateById(id));
}
