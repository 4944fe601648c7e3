/** Bringing earlier work back: a choice of copies, the difference, and nothing lost on the way. */

import { Dialog, Notification, ReactWidget, showDialog } from '@jupyterlab/apputils';
import { CommandRegistry } from '@lumino/commands';
import * as React from 'react';

import { IDesk, IOpenLesson } from '../desk';
import { Problem } from '../request';
import { ITrans } from '../words';
import { ICopy } from './tokens';
import { copyText, time } from './words';

const DIFFERENCE = 'coursewright:show-diff';

/** Let the student choose among the copies of the lesson in front. */
export async function restoreCopy(
  desk: IDesk,
  commands: CommandRegistry,
  open: IOpenLesson
): Promise<void> {
  const { trans } = desk;
  const { course, lesson } = open.belonging;
  const at = `courses/${course}/lessons/${lesson}/copies`;
  const { copies } = await desk.ask<{ copies: ICopy[] }>(at);
  if (copies.length === 0) {
    Notification.info(trans.__('There are no copies of this lesson yet. Each save makes one.'));
    return;
  }
  const body = new Choice(copies, open.panel.context.path, trans);
  const difference = Dialog.createButton({ label: trans.__('Show Difference') });
  const { button } = await showDialog({
    title: trans.__('Restore an Earlier Copy'),
    body,
    focusNodeSelector: 'input:checked',
    buttons: [
      Dialog.cancelButton(),
      ...(commands.hasCommand(DIFFERENCE) ? [difference] : []),
      Dialog.okButton({ label: trans.__('Restore') })
    ]
  });
  const copy = body.getValue();
  if (!button.accept) {
    return;
  }
  if (button.label === difference.label) {
    const { notebook } = await desk.ask<{ notebook: object }>(`${at}/${copy.sha256}`);
    await commands.execute(DIFFERENCE, {
      title: trans.__('Copy of %1', time(copy.saved_at)),
      base: notebook as never,
      remote: open.panel.context.model.toJSON() as never,
      baseLabel: trans.__('Copy of %1', time(copy.saved_at)),
      remoteLabel: trans.__('Now')
    });
    await restoreCopy(desk, commands, open);
    return;
  }
  await bringBack(desk, open, copy, at);
}

async function bringBack(desk: IDesk, open: IOpenLesson, copy: ICopy, at: string): Promise<void> {
  const { trans } = desk;
  const { context } = open.panel;
  if (context.model.dirty) {
    await context.save();
  }
  const done = await desk.ask<{ path: string; kept: string | null }>(`${at}/${copy.sha256}`, {
    method: 'POST',
    body: JSON.stringify({ path: context.path })
  });
  await context.revert();
  Notification.success(
    done.kept === null
      ? trans.__('Restored the copy of %1.', time(copy.saved_at))
      : trans.__(
          'Restored the copy of %1. What was there before is kept as %2.',
          time(copy.saved_at),
          done.kept.split('/').pop()
        ),
    { autoClose: 10_000 }
  );
}

/** Bring back every notebook of a course that is gone. */
export async function restoreAll(desk: IDesk, course: string): Promise<void> {
  const { trans } = desk;
  const found = await desk.ask<{ restored: { path: string }[]; there: number }>(
    `courses/${course}/restore`,
    { method: 'POST' }
  );
  const back = found.restored.length;
  const said =
    back === 0
      ? trans.__('Nothing was gone: every notebook that has a copy is among your files.')
      : trans._n(
          '%1 notebook came back from its copy. The others are as they were.',
          '%1 notebooks came back from their copies. The others are as they were.',
          back
        );
  Notification.success(said, { autoClose: 10_000 });
}

/** Say what went wrong, as everywhere. */
export async function told(trans: ITrans, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (reason) {
    const sentence = reason instanceof Problem ? reason.message : String(reason);
    Notification.error(
      sentence || trans.__('Your server does not answer. Check the connection and try again.'),
      { autoClose: false }
    );
  }
}

class Choice extends ReactWidget {
  constructor(
    private readonly _copies: ICopy[],
    private readonly _path: string,
    private readonly _trans: ITrans
  ) {
    super();
    this.addClass('jp-Coursewright-restore');
    this._chosen = _copies.find(copy => copy.path === _path) ?? _copies[0];
  }

  getValue(): ICopy {
    return this._chosen;
  }

  protected render(): React.ReactElement {
    return (
      <fieldset>
        <legend>{this._trans.__('Copies of your saved work, newest first')}</legend>
        {this._copies.map((copy, index) => (
          <label key={`${copy.path} ${copy.sha256}`}>
            <input
              type="radio"
              name="coursewright-copy"
              defaultChecked={copy === this._chosen}
              onChange={() => {
                this._chosen = copy;
              }}
            />
            <span>{copyText(this._trans, copy)}</span>
            <span className="jp-Coursewright-quiet">
              {copy.path === this._path
                ? index === 0
                  ? this._trans.__('newest')
                  : ''
                : copy.path.split('/').pop()}
            </span>
          </label>
        ))}
      </fieldset>
    );
  }

  private _chosen: ICopy;
}
