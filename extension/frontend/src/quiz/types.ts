/** What the server extension tells of quizzes; names are those of services/quizzes_shapes.py. */

export type QuizKind =
  | 'single'
  | 'multiple'
  | 'numeric'
  | 'short-text'
  | 'code-output'
  | 'ordering';

/** Options by their place among those shown, in order; a number or text as it was written. */
export type Answer = number | number[] | string | null;

export type Answers = Readonly<Record<string, Answer>>;

export interface IQuestion {
  readonly key: string;
  readonly kind: QuizKind;
  readonly prompt: string;
  readonly code: string;
  readonly options: readonly string[];
  readonly points: number;
}

export interface ITry {
  readonly attempt: number;
  readonly submitted_at: string;
  /** Null while the results are held back. */
  readonly points: number | null;
  readonly max_points: number;
}

export interface IItemResult {
  readonly key: string;
  readonly answer: Answer;
  readonly answered: boolean;
  readonly right: boolean;
  readonly points: number;
  readonly max_points: number;
  readonly explanation: string;
  readonly reasons: readonly { readonly option: number; readonly text: string }[];
  /** Null while it is not to be known. */
  readonly solution: Answer;
}

export interface IQuiz {
  readonly key: string;
  readonly title: string;
  readonly questions: readonly IQuestion[];
  /** Null, like `left`, for those who teach the course: their attempts do not count. */
  readonly allowed: number | null;
  readonly left: number | null;
  /** Why no more answers are taken. */
  readonly closed: string | null;
  readonly best: number | null;
  readonly max_points: number;
  readonly tries: readonly ITry[];
  readonly results: readonly IItemResult[];
  /** The results are held back until the teachers release them. */
  readonly held?: boolean;
}

export interface IQuizzes {
  readonly lesson: string;
  readonly version: number;
  readonly quizzes: readonly IQuiz[];
}

export interface IQuizReceipt {
  readonly attempt: number;
  readonly points: number | null;
  readonly max_points: number;
  readonly repeated: boolean;
  readonly version: number;
  readonly quiz: IQuiz;
}
