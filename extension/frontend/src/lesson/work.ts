/** An open lesson as this plugin sees it: its exercises, and what is shown below each of them. */

import { ICellModel } from '@jupyterlab/cells';
import { NotebookPanel } from '@jupyterlab/notebook';
import { ISignal, Signal } from '@lumino/signaling';

import { IDesk } from '../desk';
import { IBelonging } from '../tokens';
import { exerciseAt, exercises, ICellFacts, IExercise } from './exercises';
import { IVerdict } from './verdict';

export type Check =
  | { step: 'waiting' }
  | { step: 'running' }
  | { step: 'done'; verdict: IVerdict; source: string; seconds: number };

export interface IHints {
  tiers: number;
  given: string[];
}

/** What is shown below an exercise. */
export interface IPart {
  check: Check | null;
  hints: IHints | null;
  /** A hint was asked for now, and not in an earlier session. */
  asked: boolean;
  /** What kept a hint from coming. */
  trouble: string;
}

const EMPTY: IPart = { check: null, hints: null, asked: false, trouble: '' };

export class LessonWork {
  constructor(
    readonly desk: IDesk,
    readonly panel: NotebookPanel,
    readonly belonging: IBelonging
  ) {
    this._spoken.className = 'jp-Coursewright-spoken';
    this._spoken.setAttribute('role', 'status');
    panel.node.append(this._spoken);
    panel.disposed.connect(() => {
      this.stop?.abort();
      Signal.clearData(this);
    });
  }

  /** Ends the check that is going on. */
  stop: AbortController | null = null;

  /** The exercise of this key is shown in another way. */
  get changed(): ISignal<this, string> {
    return this._changed;
  }

  cells(): ICellFacts[] {
    return [...(this.panel.model?.cells ?? [])].map(facts);
  }

  exercises(): IExercise[] {
    return exercises(this.cells());
  }

  exercise(key: string): IExercise | undefined {
    return this.exercises().find(one => one.key === key);
  }

  /** The exercise that the selected cell belongs to. */
  selected(): IExercise | null {
    return exerciseAt(this.cells(), this.panel.content.activeCellIndex);
  }

  model(cell: string): ICellModel | undefined {
    return [...(this.panel.model?.cells ?? [])].find(one => one.id === cell);
  }

  part(key: string): IPart {
    return this._parts.get(key) ?? EMPTY;
  }

  show(key: string, change: Partial<IPart>): void {
    this._parts.set(key, { ...this.part(key), ...change });
    this._changed.emit(key);
  }

  /** The keys of the exercises that have something below them. */
  shown(): string[] {
    return [...this._parts.keys()].filter(key => {
      const { check, hints, asked, trouble } = this.part(key);
      return check || asked || trouble || hints?.given.length;
    });
  }

  /** Have it read aloud; the same words twice are two messages. */
  say(text: string): void {
    this._spoken.textContent = this._spoken.textContent === text ? `${text}\u00a0` : text;
  }

  /** Tell the course what happened; whether it arrives matters to nobody here. */
  tell(name: string, exercise: string, detail: Record<string, number>): void {
    const { course, lesson } = this.belonging;
    const body = JSON.stringify({ name, lesson, exercise, detail });
    this.desk
      .ask(`courses/${encodeURIComponent(course)}/activity`, { method: 'POST', body })
      .catch(() => undefined);
  }

  /** Where the extension answers about an exercise. */
  path(key: string, what: string): string {
    const [course, lesson, exercise] = [this.belonging.course, this.belonging.lesson, key].map(
      encodeURIComponent
    );
    return `courses/${course}/lessons/${lesson}/exercises/${exercise}/${what}`;
  }

  private readonly _parts = new Map<string, IPart>();
  private readonly _spoken = document.createElement('div');
  private readonly _changed = new Signal<this, string>(this);
}

export function facts(cell: ICellModel): ICellFacts {
  return {
    id: cell.id,
    type: cell.type,
    source: cell.sharedModel.getSource(),
    metadata: cell.sharedModel.getMetadata() as Record<string, unknown>
  };
}
