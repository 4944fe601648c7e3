/** What the routes below coursewright/api/author answer; names are those of the service's API. */

import type { INotebookContent } from '@jupyterlab/nbformat';

export interface IProvider {
  name: string;
  ready: boolean;
  why: string | null;
}

export interface IOptions {
  providers: IProvider[];
  levels: string[];
  topics: string[];
  defaults: Readonly<Record<string, unknown>>;
}

/** `field` is a field of the request, with dots where it is inside of one. */
export interface IFieldProblem {
  field: string;
  message: string;
}

export type GenerationState =
  | 'waiting'
  | 'running'
  | 'done'
  | 'stopped'
  | 'failed'
  | 'cancelled';

export interface IGenerationCard {
  id: number;
  topic: string;
  provider: string;
  state: GenerationState;
  message: string | null;
  course: string | null;
  requested_by: string | null;
  created_at: string;
}

export interface IPiece {
  kind: string;
  place: string;
  state: string;
  detail: string;
  total: number;
}

export interface ICounts {
  planned: number;
  accepted: number;
  repaired: number;
  abstained: number;
}

export interface IGate {
  gate: string;
  passed: boolean;
  findings?: { message: string; blocks: boolean; evidence?: Record<string, unknown> }[];
  figures?: Record<string, unknown>;
  seconds?: number;
}

/** What a piece was made of, by whom, and what every gate saw (generator/receipts.py). */
export interface IPieceReceipt {
  place: string;
  maker?: string;
  state?: string;
  rounds?: number;
  reasons?: string[];
  gates?: IGate[];
  calls?: { model?: string; prompt?: number; completion?: number }[];
}

export interface IReport extends ICounts {
  course: string;
  title: string;
  lessons: ICounts;
  questions: ICounts;
  mutation_median: number | null;
  mutation_min: number | null;
  promises: number;
  promises_tested: number;
  tokens: number;
  calls: number;
  cost: number | null;
  seconds: number;
  abstained_because: Record<string, string[]>;
  whole?: IGate[];
}

export interface IGeneration {
  id: number;
  topic: string;
  state: GenerationState;
  message: string | null;
  pieces: IPiece[];
  calls: number;
  tokens: number;
  cost: number | null;
  report: IReport | null;
  course: string | null;
  created_at: string;
  settled_at: string | null;
}

/** None is no limit. */
export interface ILimits {
  tokens: number | null;
  money: number | null;
  seconds: number | null;
}

export interface IOrder {
  request: Record<string, unknown>;
  provider: string;
  seed: number;
  sources: Record<string, string>;
  limits: ILimits;
}

export interface IWritten {
  folder: string;
  paths: string[];
}

/** A draft that is kept on the course service's pages. */
export interface IDraftCard {
  key: string;
  title: string;
  changed_by: string;
  changed_at: string;
}

export interface IFolderLesson {
  key: string;
  title: string;
  path: string;
}

/** A course as files below authoring/; versions are null where it was never published. */
export interface IFolder {
  folder: string;
  course: string;
  title: string;
  lessons: IFolderLesson[];
  base_version: number | null;
  published_version: number | null;
}

export interface IFinding {
  gate: string;
  message: string;
  blocks: boolean;
  cell: string | null;
}

export interface IPlace {
  place: string;
  lesson: string | null;
  exercise: string | null;
  passed: boolean;
  findings: IFinding[];
}

export interface ICheck {
  id: number;
  course: string;
  state: 'waiting' | 'running' | 'done' | 'failed';
  message: string | null;
  done: number;
  total: number;
  accepted: boolean | null;
  places: IPlace[];
}

export interface IVersion {
  number: number;
  message: string;
  published_by: string | null;
  published_at: string;
  lessons: number;
}

export interface IToPublish {
  message: string;
  check: number;
  despite: string | null;
  base: number | null;
}

export interface IPublished {
  version: number;
  created: boolean;
}

/** What stands published of a lesson, and the file. */
export interface IBoth {
  base: INotebookContent | null;
  remote: INotebookContent;
}
