/** The routes of the author as typed calls. */

import {
  IBoth,
  ICheck,
  IDraftCard,
  IFieldProblem,
  IFolder,
  IGeneration,
  IGenerationCard,
  ILimits,
  IOptions,
  IOrder,
  IPieceReceipt,
  IPublished,
  IToPublish,
  IVersion,
  IWritten
} from './types';

/** Asked by the clock and not by a person: must not keep an idle server alive. */
const QUIET = '?no_track_activity=1';

type Ask = <T>(path: string, init?: RequestInit) => Promise<T>;

export class AuthorCalls {
  constructor(private readonly _ask: Ask) {}

  options(): Promise<IOptions> {
    return this._ask('author/options');
  }

  async problems(order: IOrder): Promise<IFieldProblem[]> {
    const { request, provider } = order;
    const found = await this._post<{ problems: IFieldProblem[] }>('author/problems', {
      request,
      provider
    });
    return found.problems;
  }

  async generations(): Promise<IGenerationCard[]> {
    const found = await this._ask<{ generations: IGenerationCard[] }>('author/generations');
    return found.generations;
  }

  /** `key` makes a second try after a lost answer the same order. */
  async order(order: IOrder, key: string): Promise<number> {
    return (await this._post<{ id: number }>('author/generations', { ...order, key })).id;
  }

  generation(id: number, quiet = false): Promise<IGeneration> {
    return this._ask(`author/generations/${id}${quiet ? QUIET : ''}`);
  }

  /** By place; those of the request and of all calls stand at `course`. */
  async receipts(id: number): Promise<Record<string, IPieceReceipt>> {
    const path = `author/generations/${id}/receipts`;
    return (await this._ask<{ receipts: Record<string, IPieceReceipt> }>(path)).receipts;
  }

  async cancel(id: number): Promise<void> {
    await this._post(`author/generations/${id}/cancel`, {});
  }

  async resume(id: number, limits: ILimits): Promise<void> {
    await this._post(`author/generations/${id}/resume`, { limits });
  }

  openGeneration(id: number): Promise<IWritten> {
    return this._post(`author/generations/${id}/open`, {});
  }

  openCourse(course: string, version: number | null = null): Promise<IWritten> {
    return this._post(`author/courses/${encodeURIComponent(course)}/open`, { version });
  }

  openDraft(course: string): Promise<IWritten> {
    return this._post(`author/courses/${encodeURIComponent(course)}/open`, { draft: true });
  }

  async drafts(): Promise<IDraftCard[]> {
    return (await this._ask<{ drafts: IDraftCard[] }>('author/drafts')).drafts;
  }

  async folders(): Promise<IFolder[]> {
    return (await this._ask<{ folders: IFolder[] }>('author/folders')).folders;
  }

  async versions(course: string): Promise<IVersion[]> {
    const path = `author/versions/${encodeURIComponent(course)}`;
    return (await this._ask<{ versions: IVersion[] }>(path)).versions;
  }

  async check(folder: string): Promise<number> {
    return (await this._post<{ id: number }>('author/check', { folder })).id;
  }

  checked(id: number): Promise<ICheck> {
    return this._ask(`author/checks/${id}${QUIET}`);
  }

  async preview(path: string): Promise<string> {
    return (await this._post<{ path: string }>('author/preview', { path })).path;
  }

  published(path: string): Promise<IBoth> {
    return this._post('author/published', { path });
  }

  /** `base` is the newest version that the author has seen, so that nobody's is passed over. */
  publish(folder: string, sent: IToPublish): Promise<IPublished> {
    return this._post('author/publish', { folder, ...sent });
  }

  private _post<T>(path: string, body: unknown): Promise<T> {
    return this._ask<T>(path, { method: 'POST', body: JSON.stringify(body) });
  }
}
