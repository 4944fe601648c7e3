/** What the server extension answers about versions of a lesson (extension/versions.py). */

export type ChangeKind = 'added' | 'removed' | 'changed' | 'moved';

export interface IChangedCell {
  id: string;
  kind: ChangeKind;
  role: string;
  title: string;
}

export interface IChanges {
  from: number;
  to: number;
  messages: { version: number; message: string }[];
  cells: IChangedCell[];
}

/** A cell that both sides changed; `base` is null when nobody knows how it began. */
export interface IConflict {
  id: string;
  cell_type: string;
  base: string | null;
  mine: string;
  theirs: string;
}

/** What became of the cells, by their ids. */
export interface IMerged {
  path: string;
  from: number | null;
  to: number;
  sha: string;
  updated: string[];
  added: string[];
  removed: string[];
  kept: string[];
  conflicts: IConflict[];
}

export interface IUndone {
  path: string;
  sha: string;
  /** Where what was written after the update is, if anything was. */
  kept: string | null;
}

/** An update whose conflicts are not all decided; kept while the page is away. */
export interface IPending {
  merged: IMerged;
  undecided: IConflict[];
}

export type Choice = 'mine' | 'theirs' | 'both';
