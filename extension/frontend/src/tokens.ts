/**
 * What the server extension answers; names are those of the service's API (extension/routes.py).
 */

export interface ICourseCard {
  key: string;
  title: string;
  summary: string;
  level: string;
  version: number;
  lessons: number;
  role: string | null;
}

export type LessonState = 'new' | 'submitted' | 'graded' | 'held' | 'failed';

/** Why the newest attempt counts less than its raw score; `penalty` in percent. */
export interface ILate {
  days: number;
  penalty: number;
  raw_score: number | null;
  sentence: string;
}

export interface ILesson {
  key: string;
  title: string;
  minutes: number;
  objectives: string[];
  points: number;
  state: LessonState;
  score: number | null;
  max_score: number | null;
  attempts: number;
  /** The student's own dates, in ISO 8601; null: none. */
  due: string | null;
  cut_off: string | null;
  zone: string | null;
  /** How many attempts there may be; null: as many as one likes. */
  allowed: number | null;
  late: ILate | null;
  /** The submission whose feedback was not read yet. */
  unread: number | null;
  /** The newest version of the course in which this lesson is another than before. */
  changed_in?: number;
  /** Whether the lesson is among the student's files, and of which version it is. */
  local: { exists: boolean; version: number | null };
}

export interface IModule {
  key: string;
  title: string;
  lessons: ILesson[];
}

export interface ICourse {
  key: string;
  title: string;
  summary: string;
  version: number;
  modules: IModule[];
}

export interface IStreak {
  days: number;
  today: boolean;
}

export interface IUnread {
  course: string;
  lesson: string;
  title: string;
  submission: number;
}

export interface IDue {
  course: string;
  course_title: string;
  lesson: string;
  title: string;
  due: string;
  zone: string;
}

/** Where the student stands across all courses. */
export interface IStanding {
  streak: IStreak;
  unread: IUnread[];
  due: IDue[];
}

export interface IConcept {
  concept: string;
  score: number;
  level: string;
  colour: 'red' | 'yellow' | 'green' | 'blue';
}

export interface IOpened {
  path: string;
  kept: boolean;
  version: number | null;
}

export interface IReceipt {
  id: number;
  attempt: number;
  sha256: string;
  received_at: string;
  state: string;
  repeated: boolean;
}

export type CellStatus = 'passed' | 'failed' | 'partial' | 'manual' | 'error' | 'timeout';

export interface ICellScore {
  grade_id: string;
  exercise: string | null;
  title: string;
  points: number;
  max_points: number;
  status: CellStatus;
  message: string;
}

export interface ISubmission {
  id: number;
  attempt: number;
  received_at: string;
  state: 'received' | 'graded' | 'failed' | 'held';
  points: number | null;
  max_points: number | null;
  mode: string | null;
  cells: ICellScore[];
}

/** The lesson that a notebook says it is, in its metadata. */
export interface IBelonging {
  course: string;
  lesson: string;
  version: number | null;
}

/** What the models need of an open notebook. */
export interface INotebookInHand {
  readonly path: string;
  readonly belonging: IBelonging;
  /** Save it if needed; answers a mark that changes whenever what is on disk changes. */
  save(): Promise<string>;
}
