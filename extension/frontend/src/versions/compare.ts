/** Two versions of a lesson, or two texts of a cell, in the view of differences. */

import { JupyterFrontEnd } from '@jupyterlab/application';
import { showErrorMessage } from '@jupyterlab/apputils';

import { IDesk } from '../desk';
import { UpdateModel } from './model';
import { OpenNotebook } from './notebook';
import { IConflict } from './tokens';

const SHOW_DIFF = 'coursewright:show-diff';

/** What changed from the version that the notebook has to the newest. */
export async function showChanges(
  app: JupyterFrontEnd,
  desk: IDesk,
  notebook: OpenNotebook,
  model: UpdateModel
): Promise<void> {
  const { changes } = model.state;
  if (!changes) {
    return;
  }
  const { trans } = desk;
  try {
    const [base, remote] = await Promise.all([
      notebook.released(changes.from),
      notebook.released(changes.to)
    ]);
    await app.commands.execute(SHOW_DIFF, {
      title: trans.__('What changed: %1', notebook.panel.title.label),
      base: base as never,
      remote: remote as never,
      baseLabel: trans.__('Version %1, which you have', changes.from),
      remoteLabel: trans.__('Version %1, the new one', changes.to)
    });
  } catch (reason) {
    await showErrorMessage(
      trans.__('The changes cannot be shown'),
      (reason instanceof Error && reason.message) ||
        trans.__('Your server does not answer. Try again soon.')
    );
  }
}

/** Both texts of a conflict in the view of differences. */
export async function compare(app: JupyterFrontEnd, desk: IDesk, conflict: IConflict): Promise<void> {
  const book = (source: string) => ({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [{ id: conflict.id, cell_type: conflict.cell_type, metadata: {}, source }]
  });
  await app.commands.execute(SHOW_DIFF, {
    title: desk.trans.__('Yours and the new version'),
    base: book(conflict.mine),
    remote: book(conflict.theirs),
    baseLabel: desk.trans.__('Yours'),
    remoteLabel: desk.trans.__('New version')
  });
}
