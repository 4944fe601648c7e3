/** What is wrong with the roles of a notebook's cells, said at once, without running anything. */

import type { ITrans } from '../words';
import {
  choiceOf,
  gradeId,
  isGraded,
  ISourceCell,
  numbers,
  owner,
  points,
  roleOf,
  sentences
} from './cellroles.js';
import { has, HIDDEN, isBalanced, SOLUTION } from './markers.js';

/** By the cells' ids; cells without a slip are not in it. */
export function slips(cells: readonly ISourceCell[], trans: ITrans): Map<string, string[]> {
  const found = new Map<string, string[]>();
  const times = new Map<string, number>();
  for (const cell of cells) {
    const id = gradeId(cell);
    if (id && roleOf(cell) !== 'quiz') {
      times.set(id, (times.get(id) ?? 0) + 1);
    }
  }
  cells.forEach((cell, index) => {
    const said = [
      ...ofFlags(cell, times, trans),
      ...ofPromises(cells, index, trans),
      ...ofMarks(cell, trans)
    ];
    if (said.length) {
      found.set(cell.id, said);
    }
  });
  return found;
}

function ofFlags(cell: ISourceCell, times: Map<string, number>, trans: ITrans): string[] {
  const choice = choiceOf(cell);
  if (['text', 'example', 'quiz'].includes(choice)) {
    return [];
  }
  const said: string[] = [];
  const id = gradeId(cell);
  if (!id) {
    said.push(trans.__('The id is missing.'));
  } else if (!/^[A-Za-z0-9_-]+$/.test(id)) {
    said.push(trans.__('The id “%1” may have letters, digits, - and _ only.', id));
  } else if ((times.get(id) ?? 0) > 1) {
    said.push(trans.__('Another cell has the id “%1” too. Give this one an id of its own.', id));
  }
  const worth = points(cell);
  if (isGraded(choice) && worth === null) {
    said.push(trans.__('The points are missing.'));
  } else if (worth !== null && worth < 0) {
    said.push(trans.__('Points cannot be below 0.'));
  }
  if (cell.kind === 'markdown' && (roleOf(cell) === 'tests' || choice === 'solution')) {
    said.push(
      trans.__('Tests and solutions are code cells. Choose another role, or make it code.')
    );
  }
  if (cell.kind !== 'markdown' && choice === 'task') {
    said.push(trans.__('A task is a Markdown cell. Choose another role, or make it Markdown.'));
  }
  const version = cell.nbgrader?.schema_version;
  if (version !== 3) {
    said.push(trans.__('Its nbgrader metadata is of an older form. Choose the role again.'));
  }
  return said;
}

function ofPromises(cells: readonly ISourceCell[], index: number, trans: ITrans): string[] {
  const cell = cells[index];
  const role = roleOf(cell);
  if (role === 'tests') {
    return ofTest(cells, index, trans);
  }
  if (role !== 'solution') {
    return [];
  }
  const tested = new Set<number>();
  let tests = 0;
  cells.forEach((other, at) => {
    if (roleOf(other) === 'tests' && owner(cells, at) === index) {
      tests += 1;
      numbers(other).forEach(number => tested.add(number));
    }
  });
  if (!tests) {
    return [trans.__('No test cell belongs to this solution.')];
  }
  return sentences(cell).flatMap((_, at) =>
    tested.has(at + 1) ? [] : [trans.__('No test names promise %1.', at + 1)]
  );
}

function ofTest(cells: readonly ISourceCell[], index: number, trans: ITrans): string[] {
  const answer = owner(cells, index);
  if (answer < 0) {
    return [trans.__('There is no solution cell that this test belongs to.')];
  }
  const made = sentences(cells[answer]).length;
  return numbers(cells[index])
    .filter(number => number > made)
    .map(number => trans.__('It names promise %1; the solution has %2.', number, made));
}

function ofMarks(cell: ISourceCell, trans: ITrans): string[] {
  const role = roleOf(cell);
  const said: string[] = [];
  for (const what of [SOLUTION, HIDDEN]) {
    if (!isBalanced(cell.source, what)) {
      said.push(trans.__('The lines ### BEGIN %1 and ### END %1 do not match.', what.word));
    }
  }
  if (has(cell.source, SOLUTION) && role !== 'solution' && role !== 'written') {
    said.push(trans.__('Lines of a solution stand in a cell that is no solution.'));
  }
  if (has(cell.source, HIDDEN) && role !== 'tests') {
    said.push(trans.__('Hidden tests stand in a cell that is no test.'));
  }
  return said;
}
