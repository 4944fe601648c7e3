/** What the Author panel shows, and the acts that change it. */

import { ISignal, Signal } from '@lumino/signaling';

import { IApi } from '../api';
import { Problem } from '../request';
import { ICourseCard } from '../tokens';
import { Bench } from './bench';
import { AuthorCalls } from './calls';
import { FolderChecks } from './checks';
import { asProblem } from './generation';
import { IDraftCard, IFolder, IGenerationCard, IPublished, IVersion } from './types';

export type View =
  | { name: 'home' }
  | { name: 'folder'; folder: string }
  | { name: 'publish'; folder: string };

export interface IAuthorState {
  view: View;
  loading: boolean;
  problem: Problem | null;
  generations: IGenerationCard[] | null;
  folders: IFolder[] | null;
  /** Those that are kept on the pages. */
  drafts: IDraftCard[] | null;
  /** The courses that one teaches. */
  courses: ICourseCard[] | null;
  versions: Readonly<Record<string, IVersion[]>>;
  /** What is being done, by the name of its button. */
  busy: string | null;
  /** What was published last in this view. */
  published: IPublished | null;
  /** Lessons of the folder to publish that differ from what is published; null: not known yet. */
  differing: ReadonlyMap<string, 'new' | 'changed'> | null;
}

const START: IAuthorState = {
  view: { name: 'home' },
  loading: false,
  problem: null,
  generations: null,
  folders: null,
  drafts: null,
  courses: null,
  versions: {},
  busy: null,
  published: null,
  differing: null
};

export class AuthorModel {
  constructor(
    readonly calls: AuthorCalls,
    readonly bench: Bench,
    readonly checks: FolderChecks,
    private readonly _api: Pick<IApi, 'courses'>
  ) {
    checks.changed.connect(() => this._changed.emit());
  }

  get state(): IAuthorState {
    return this._state;
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** The folder that is shown. */
  get folder(): IFolder | null {
    const { view, folders } = this._state;
    return view.name === 'home'
      ? null
      : (folders?.find(one => one.folder === view.folder) ?? null);
  }

  async refresh(): Promise<void> {
    await this._during({ loading: true }, async () => {
      const [generations, folders, drafts, courses] = await Promise.all([
        this.calls.generations(),
        this.calls.folders(),
        this.calls.drafts(),
        this._api.courses()
      ]);
      folders.forEach(one => this.checks.recall(one.folder));
      this._set({
        generations,
        folders,
        drafts,
        courses: courses.filter(card => card.role === 'instructor')
      });
    });
  }

  /** Only how far the courses under way are, without any fuss. */
  async freshen(): Promise<void> {
    try {
      this._set({ generations: await this.calls.generations() });
    } catch (reason) {
      console.warn('Coursewright: the requested courses could not be brought up to date.', reason);
    }
  }

  show(view: View): void {
    this._set({ view, problem: null, published: null, differing: null });
    if (view.name === 'publish') {
      void this._compareAll();
    }
  }

  async openGeneration(id: number): Promise<void> {
    await this._written(`generation-${id}`, () => this.calls.openGeneration(id));
  }

  async openCourse(course: string, version: number | null = null): Promise<void> {
    await this._written(`course-${course}`, () => this.calls.openCourse(course, version));
  }

  async openDraft(course: string): Promise<void> {
    await this._written(`draft-${course}`, () => this.calls.openDraft(course));
  }

  async loadVersions(course: string): Promise<void> {
    await this._during({}, async () => {
      const found = await this.calls.versions(course);
      this._set({ versions: { ...this._state.versions, [course]: found } });
    });
  }

  async check(folder: string): Promise<void> {
    await this._during({ busy: 'check' }, async () => {
      await this.bench.save(folder);
      await this.checks.begin(folder);
    });
  }

  async preview(folder: string, path: string): Promise<void> {
    await this._during({ busy: `preview ${path}` }, () => this.bench.preview(folder, path));
  }

  async compare(folder: IFolder, path: string): Promise<void> {
    const lesson = folder.lessons.find(one => one.path === path);
    if (lesson) {
      await this._during({ busy: `compare ${path}` }, () =>
        this.bench.compare(folder.folder, lesson)
      );
    }
  }

  async publish(message: string, despite: string | null): Promise<void> {
    const { folder: shown } = this;
    const check = shown && this.checks.of(shown.folder);
    if (!check) {
      return;
    }
    const { folder, published_version: base } = shown;
    await this._during({ busy: 'publish', published: null }, async () => {
      await this.bench.save(folder);
      const published = await this.calls.publish(folder, {
        message,
        check: check.id,
        despite,
        base
      });
      const [folders, courses] = await Promise.all([this.calls.folders(), this._api.courses()]);
      this._set({
        published,
        folders,
        courses: courses.filter(card => card.role === 'instructor'),
        versions: {},
        differing: new Map()
      });
    });
  }

  private async _compareAll(): Promise<void> {
    const folder = this.folder;
    if (folder) {
      await this._during({}, async () => {
        const differing = await this.bench.differing(folder);
        if (this.folder?.folder === folder.folder) {
          this._set({ differing });
        }
      });
    }
  }

  /** Files were written: show their folder, and open the first one. */
  private async _written(
    name: string,
    write: () => Promise<{ folder: string; paths: string[] }>
  ): Promise<void> {
    await this._during({ busy: name }, async () => {
      const { folder, paths } = await write();
      this._set({ folders: await this.calls.folders() });
      this.show({ name: 'folder', folder });
      const first = paths.find(path => path.endsWith('.ipynb'));
      if (first) {
        this.bench.open(first);
      }
    });
  }

  /** Show `meanwhile` while `act` runs; a Problem becomes part of the state. */
  private async _during(
    meanwhile: Partial<IAuthorState>,
    act: () => Promise<void>
  ): Promise<void> {
    this._set({ problem: null, ...meanwhile });
    try {
      await act();
    } catch (reason) {
      this._set({ problem: asProblem(reason) });
    } finally {
      this._set({ loading: false, busy: null });
    }
  }

  private _set(change: Partial<IAuthorState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit();
  }

  private _state = START;
  private readonly _changed = new Signal<this, void>(this);
}
