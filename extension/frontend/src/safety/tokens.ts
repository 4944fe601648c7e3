/** How safe the work is, as the server extension tells it (extension/safekeeping.py). */

import { IReceipt } from '../tokens';

/** A submit that could not be sent at once: it waits, was sent at last, or was refused then. */
export interface ISubmit {
  readonly key: string;
  readonly course: string;
  readonly lesson: string;
  readonly path: string;
  readonly queued_at: string;
  readonly refused: string | null;
  readonly receipt: IReceipt | null;
}

export interface ISafety {
  readonly online: boolean;
  /** The student's storage has no room left. */
  readonly full: boolean;
  readonly copies: { readonly waiting: string[]; readonly last: string | null };
  /** Notebooks that could not be saved; what they held was sent to the course service. */
  readonly unsaved: string[];
  /** Copies that the course service would not take. */
  readonly refused: { readonly path: string; readonly message: string }[];
  readonly submits: ISubmit[];
}

/** A copy of a notebook that the service keeps. */
export interface ICopy {
  readonly lesson: string;
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
  readonly saved_at: string;
}
