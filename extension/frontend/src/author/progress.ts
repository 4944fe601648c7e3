/** How far a course is, from the states of its pieces. Pure. */

import type { ITrans } from '../words';
import type { GenerationState, IGeneration, IGenerationCard, IPiece } from './types';

/** What is counted of each kind of piece. */
export interface IStage {
  kind: string;
  planned: number;
  done: number;
  writing: number;
  checking: number;
  repairing: number;
  abstained: number;
}

const ORDER = ['outline', 'lesson', 'exercise', 'quiz', 'course'];
const DONE = new Set(['accepted', 'repaired', 'kept']);

/**
 * The pieces themselves. A kind is announced by one without a place, which says how many are
 * planned; only the whole course, and the plan until it has a name, are pieces without a place.
 */
export function real(pieces: readonly IPiece[]): IPiece[] {
  return pieces.filter(
    one =>
      one.place ||
      one.kind === 'course' ||
      (one.kind === 'outline' && !pieces.some(other => other.kind === 'outline' && other.place))
  );
}

/** One stage a kind, in the order in which they are made. */
export function stages(pieces: readonly IPiece[]): IStage[] {
  const kinds = [...new Set([...ORDER, ...pieces.map(piece => piece.kind)])];
  return kinds
    .map(kind => stage(kind, pieces.filter(piece => piece.kind === kind)))
    .filter(one => one.planned > 0);
}

function stage(kind: string, told: readonly IPiece[]): IStage {
  const pieces = real(told);
  const count = (state: string): number => pieces.filter(one => one.state === state).length;
  return {
    kind,
    planned: Math.max(pieces.length, ...told.map(one => one.total)),
    done: pieces.filter(one => DONE.has(one.state)).length,
    writing: count('started'),
    checking: count('checking'),
    repairing: count('repairing'),
    abstained: count('abstained')
  };
}

/** Pieces that have ended, whichever way, and pieces that are planned as far as is known. */
export function whole(found: readonly IStage[]): { ended: number; planned: number } {
  return {
    ended: found.reduce((sum, one) => sum + one.done + one.abstained, 0),
    planned: found.reduce((sum, one) => sum + one.planned, 0)
  };
}

export function isUnderWay(one: { state: GenerationState }): boolean {
  return one.state === 'waiting' || one.state === 'running';
}

export function canGoOn(one: { state: GenerationState }): boolean {
  return one.state === 'stopped' || one.state === 'failed' || one.state === 'cancelled';
}

export function kindWord(trans: ITrans, kind: string): string {
  switch (kind) {
    case 'outline':
      return trans.__('Plan');
    case 'lesson':
      return trans.__('Lessons');
    case 'exercise':
      return trans.__('Exercises');
    case 'quiz':
      return trans.__('Quizzes');
    case 'course':
      return trans.__('Whole course');
    default:
      return kind;
  }
}

export function pieceWord(trans: ITrans, state: string): string {
  switch (state) {
    case 'started':
      return trans.__('Being written');
    case 'checking':
      return trans.__('Being checked');
    case 'repairing':
      return trans.__('Being repaired');
    case 'accepted':
      return trans.__('Proven');
    case 'repaired':
      return trans.__('Proven after repairs');
    case 'abstained':
      return trans.__('Left out');
    case 'kept':
      return trans.__('Kept from before');
    default:
      return state;
  }
}

export function generationWord(trans: ITrans, state: GenerationState): string {
  switch (state) {
    case 'waiting':
      return trans.__('Waiting for a worker');
    case 'running':
      return trans.__('Being made');
    case 'done':
      return trans.__('Done');
    case 'stopped':
      return trans.__('Stopped at its limit');
    case 'failed':
      return trans.__('Failed');
    case 'cancelled':
      return trans.__('Cancelled');
  }
}

/** What can be done about an end without a course. */
export function advice(trans: ITrans, state: GenerationState): string {
  switch (state) {
    case 'stopped':
      return trans.__('Everything that is finished is kept. Give it more room and go on.');
    case 'failed':
      return trans.__(
        'Everything that is finished is kept. Mend the cause and go on, or request another course.'
      );
    case 'cancelled':
      return trans.__('Everything that is finished is kept, and you can go on with it.');
    default:
      return '';
  }
}

/** The few things that are read aloud: that it began, each finished tenth, and its end. */
export function announcement(trans: ITrans, found: IGeneration): string {
  if (!isUnderWay(found)) {
    return `${found.topic}: ${generationWord(trans, found.state)}`;
  }
  const { ended, planned } = whole(stages(found.pieces));
  const tenth = planned ? Math.floor((ended / planned) * 10) * 10 : 0;
  return tenth
    ? trans.__('%1: %2 percent of what is planned is finished', found.topic, tenth)
    : `${found.topic}: ${generationWord(trans, found.state)}`;
}

/** The newest first; what is under way before everything else. */
export function inOrder(cards: readonly IGenerationCard[]): IGenerationCard[] {
  return [...cards].sort(
    (a, b) => Number(isUnderWay(b)) - Number(isUnderWay(a)) || b.id - a.id
  );
}
