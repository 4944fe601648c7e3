/** What the service tells those who teach; names are those of services/classroom_shapes.py. */

import type { CellStatus } from '../tokens';

export interface IPupil {
  person: string;
  display_name: string;
  section: string | null;
  group: string | null;
  here: boolean;
  lesson: string | null;
  exercise: string | null;
  checks: number;
  hints: number;
  attempts: number;
  passed: number | null;
  total: number | null;
  points: number | null;
  max_points: number | null;
  submission: number | null;
  stuck_since: string | null;
  last_at: string | null;
}

export interface IClassLesson {
  key: string;
  title: string;
  held: boolean;
  exercises: { key: string; title: string }[];
}

export interface IClass {
  at: string;
  title: string;
  role: string | null;
  lessons: IClassLesson[];
  sections: string[];
  groups: string[];
  totals: { students: number; here: number; stuck: number; waiting: number };
  students: IPupil[];
}

export interface IWaiting {
  submission: number;
  person: string | null;
  display_name: string;
  lesson: string;
  attempt: number;
  received_at: string;
  cells: number;
}

export interface ISaid {
  number: number;
  counts: boolean;
  items: number[];
  adjustment: number;
  extra_credit: number;
  keeps: boolean;
  comment: string;
  marked_by: string;
  marked_at: string;
}

export interface IMarkedCell {
  grade_id: string;
  exercise: string | null;
  points: number;
  max_points: number;
  status: CellStatus;
  message: string;
  version: number;
  before: number;
  history: ISaid[];
}

export interface IRubricItem {
  id: number;
  grade_id: string;
  label: string;
  points: number;
}

export interface IPaper {
  submission: number;
  person: string | null;
  display_name: string;
  lesson: string;
  title: string;
  attempt: number;
  received_at: string;
  state: string;
  cells: IMarkedCell[];
  items: IRubricItem[];
}

/** What is typed into the form of an answer and has not been sent. */
export interface IDraft {
  items: number[];
  adjustment: string;
  extraCredit: string;
  keeps: boolean;
  comment: string;
}

/** A cell of a notebook that somebody else wrote: nothing about it can be relied on. */
export interface IForeignCell {
  cell_type?: unknown;
  source?: unknown;
  metadata?: unknown;
  outputs?: unknown;
}
