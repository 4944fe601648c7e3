/** One question to the server extension, and the one shape of failure. */

import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';

const ROOT = 'coursewright/api';

/** A failure with a sentence for the student; `status` is 0 when nothing answered. */
export class Problem extends Error {
  constructor(
    message: string,
    readonly status: number
  ) {
    super(message);
  }

  /** Whether the server decided; otherwise what was asked may or may not have happened. */
  get decided(): boolean {
    return this.status >= 400 && this.status < 500;
  }
}

/** Where a route of the server extension is. */
export function address(settings: ServerConnection.ISettings, path: string): string {
  return URLExt.join(settings.baseUrl, ROOT, path);
}

/** What is sent, with an id of its own that leads through every log to the grader's. */
function numbered(init: RequestInit): RequestInit {
  const headers = new Headers(init.headers);
  headers.set('X-Request-Id', UUID.uuid4());
  return { ...init, headers };
}

/** Ask and answer with the parsed JSON; rejects with a Problem. */
export async function ask<T>(
  settings: ServerConnection.ISettings,
  path: string,
  init: RequestInit = {}
): Promise<T> {
  let response: Response;
  try {
    response = await ServerConnection.makeRequest(address(settings, path), numbered(init), settings);
  } catch {
    throw new Problem('', 0);
  }
  let data: unknown;
  try {
    data = await response.json();
  } catch {
    throw new Problem('', response.ok ? 502 : response.status);
  }
  if (!response.ok) {
    const message = (data as { message?: unknown } | null)?.message;
    throw new Problem(typeof message === 'string' ? message : '', response.status);
  }
  return data as T;
}
