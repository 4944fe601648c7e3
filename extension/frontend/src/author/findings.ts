/** What the gates said of a folder, at the cells that it is about. Pure. */

import type { ITrans } from '../words';
import { gradeId, ISourceCell, roleOf } from './cellroles.js';
import type { ICheck, IFinding, IPlace } from './types';

/** A finding in the list: where it is, and what opens it. */
export interface IListed {
  readonly finding: IFinding;
  readonly place: IPlace;
}

/** Everything that was found: what blocks first, in the order of the course. */
export function listed(check: ICheck): IListed[] {
  const all = check.places.flatMap(place =>
    place.findings.map(finding => ({ finding, place }))
  );
  return [...all.filter(one => one.finding.blocks), ...all.filter(one => !one.finding.blocks)];
}

export function counts(check: ICheck): { blocking: number; notes: number } {
  const all = listed(check);
  const blocking = all.filter(one => one.finding.blocks).length;
  return { blocking, notes: all.length - blocking };
}

/** Of one lesson, by the id of the cell. What is about no cell of it stands at the first one. */
export function atCells(
  check: ICheck,
  lesson: string,
  cells: readonly ISourceCell[]
): Map<string, IFinding[]> {
  const found = new Map<string, IFinding[]>();
  for (const { finding, place } of listed(check)) {
    const id = place.lesson === lesson ? cellOf(finding, place, cells) : null;
    if (id !== null) {
      found.set(id, [...(found.get(id) ?? []), finding]);
    }
  }
  return found;
}

/** The cell that a finding is about: the one it names, else the solution of its exercise. */
export function cellOf(
  finding: IFinding,
  place: IPlace,
  cells: readonly ISourceCell[]
): string | null {
  const named = cells.find(cell => cell.id === finding.cell);
  const solution = cells.find(
    cell =>
      roleOf(cell) === 'solution' && place.exercise !== null && gradeId(cell) === place.exercise
  );
  return (named ?? solution ?? cells[0])?.id ?? null;
}

/** How it ended, in a sentence. */
export function verdict(trans: ITrans, check: ICheck): string {
  if (check.state === 'failed') {
    return check.message || trans.__('The check could not be finished. Try it again.');
  }
  const { blocking, notes } = counts(check);
  const noted = notes ? ` ${trans._n('%1 note.', '%1 notes.', notes)}` : '';
  return (
    (blocking
      ? trans._n('%1 finding blocks.', '%1 findings block.', blocking)
      : trans.__('Nothing blocks.')) + noted
  );
}

/** What a gate looks at, in a few words (docs/gates.md). */
export function gateWord(trans: ITrans, gate: string): string {
  const words: Record<string, string> = {
    G1: trans.__('parses and lints'),
    G2: trans.__('imports only what is allowed'),
    G3: trans.__('the solution passes'),
    G4: trans.__('the starter fails'),
    G5: trans.__('answers by rote fail'),
    G6: trans.__('small mistakes are noticed'),
    G7: trans.__('every promise has a test of its own'),
    G8: trans.__('the same verdict in every run'),
    G9: trans.__('the lesson runs from top to bottom'),
    G10: trans.__('nothing is given away'),
    G11: trans.__('reads at the level of the course'),
    G12: trans.__('no exercise is there twice'),
    taught: trans.__('nothing is used before it is taught'),
    solver: trans.__('an independent answer passes'),
    L1: trans.__('examples run'),
    L2: trans.__('outputs are true'),
    L3: trans.__('text and links are sound'),
    Q1: trans.__('one key'),
    Q2: trans.__('no giveaway'),
    Q3: trans.__('the key is what the code prints'),
    Q4: trans.__('blind answers agree'),
    Q5: trans.__('no question is there twice'),
    C1: trans.__('every lesson asks for something')
  };
  return words[gate] ?? '';
}
