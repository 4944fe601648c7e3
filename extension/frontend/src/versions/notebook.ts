/** An open notebook as the model of updates sees it. */

import { NotebookPanel } from '@jupyterlab/notebook';
import { IStateDB } from '@jupyterlab/statedb';
import { ReadonlyPartialJSONObject } from '@lumino/coreutils';

import { IDesk } from '../desk';
import { inHand } from '../notebooks';
import { Problem } from '../request';
import { belonging } from '../words';
import { IUpdatable } from './model';
import { Choice, IChanges, IConflict, IMerged, IPending, IUndone } from './tokens';
import { toRead } from './words';

const QUIET = 'no_track_activity=1';

export class OpenNotebook implements IUpdatable {
  constructor(
    readonly panel: NotebookPanel,
    private readonly _desk: IDesk,
    private readonly _memory: IStateDB | null
  ) {}

  version(): number | null {
    return this._own?.version ?? null;
  }

  async putOff(version?: number): Promise<number> {
    const place = this._place('put-off');
    if (version !== undefined) {
      this._last = version;
      await this._memory?.save(place, version);
    }
    const kept = Number((await this._memory?.fetch(place)) ?? 0);
    return Math.max(this._last, kept);
  }

  async pending(): Promise<IPending | null> {
    return ((await this._memory?.fetch(this._place('undecided'))) ?? null) as IPending | null;
  }

  async remember(pending: IPending | null): Promise<void> {
    const place = this._place('undecided');
    await (pending
      ? this._memory?.save(place, pending as unknown as ReadonlyPartialJSONObject)
      : this._memory?.remove(place));
  }

  changes(since: number): Promise<IChanges> {
    return this._ask(`changes?since=${since}&${QUIET}`);
  }

  /** The lesson as version `version` had it, for the view of differences. */
  async released(version: number): Promise<unknown> {
    return (await this._ask<{ notebook: unknown }>(`versions/${version}`)).notebook;
  }

  async save(): Promise<void> {
    const { context } = this.panel;
    if (context.model.dirty) {
      await context.save();
    }
    if (context.model.dirty) {
      const { trans } = this._desk;
      throw new Problem(
        trans.__('Your notebook could not be saved, so it was left as it is. Save it and try again.'),
        -1
      );
    }
  }

  merge(): Promise<IMerged> {
    return this._post('merge');
  }

  undo(): Promise<IUndone> {
    return this._post('merge/undo');
  }

  async reload(): Promise<void> {
    const { content, context } = this.panel;
    const active = content.activeCell?.model.id;
    await context.revert();
    const at = content.widgets.findIndex(cell => cell.model.id === active);
    if (at >= 0) {
      content.activeCellIndex = at;
      void content.scrollToItem(at, 'smart');
    }
    const { lesson, courses } = this._desk;
    void courses.freshen(this._own?.course ?? '');
    if (lesson.state.notebook?.path === context.path) {
      await lesson.take(await inHand(this.panel, this._desk.trans));
    }
  }

  async decide(conflict: IConflict, choice: Choice): Promise<void> {
    const model = this.panel.content.model?.sharedModel;
    const at = model?.cells.findIndex(cell => cell.getId() === conflict.id) ?? -1;
    if (!model || at < 0 || choice === 'mine') {
      return;
    }
    const mine = model.cells[at];
    const { cell_type, theirs } = conflict;
    if (choice === 'both') {
      const source = cell_type === 'code' ? toRead(theirs, this._desk.trans) : theirs;
      model.insertCell(at + 1, { cell_type: 'markdown', source, metadata: {} });
    } else if (mine.cell_type === cell_type) {
      mine.setSource(theirs);
    } else {
      const metadata = { ...mine.getMetadata() };
      model.transact(() => {
        model.insertCell(at + 1, { cell_type, source: theirs, metadata });
        model.deleteCell(at);
      });
    }
    await this.save();
  }

  show(id: string): void {
    const { content } = this.panel;
    const at = content.widgets.findIndex(cell => cell.model.id === id);
    if (at >= 0) {
      content.activeCellIndex = at;
      void content.scrollToItem(at, 'center');
    }
  }

  private get _own() {
    return belonging(this.panel.context.model?.getMetadata('coursewright'));
  }

  private _place(what: string): string {
    const own = this._own;
    return `coursewright:${what}:${own?.course}/${own?.lesson}`;
  }

  private _post<T>(what: string): Promise<T> {
    const body = JSON.stringify({ path: this.panel.context.path });
    return this._ask<T>(what, { method: 'POST', body });
  }

  private _ask<T>(what: string, init?: RequestInit): Promise<T> {
    const own = this._own;
    const course = encodeURIComponent(own?.course ?? '');
    const lesson = encodeURIComponent(own?.lesson ?? '');
    return this._desk.ask<T>(`courses/${course}/lessons/${lesson}/${what}`, init);
  }

  private _last = 0;
}
