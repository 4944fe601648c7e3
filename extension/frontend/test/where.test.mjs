import assert from 'node:assert/strict';
import { test } from 'node:test';

import { EVERY, exerciseAt, IDLE, isDue } from '../lib/activity/where.js';

const answer = name => ({ grade_id: name, solution: true, grade: false });
const tests = name => ({ grade_id: name, solution: false, grade: true });
const written = { grade_id: 'why', solution: true, grade: true };

test('a cell is of the exercise that it answers or tests', () => {
  const cells = [null, answer('add'), tests('add-1'), null, written, tests('odd'), answer('sub')];
  const found = cells.map((_, index) => exerciseAt(cells, index));
  assert.deepEqual(found, [null, 'add', 'add', null, null, null, 'sub']);
  assert.equal(exerciseAt(cells, 99), null);
  assert.equal(exerciseAt([{ grade_id: 3 }], 0), null);
});

test('being here is told now and then, to and by somebody who is', () => {
  const at = { now: EVERY, told: 0, touched: EVERY, visible: true, moved: false };
  const cases = [
    [{}, true],
    [{ now: EVERY - 1 }, false],
    [{ now: EVERY - 1, moved: true }, true],
    [{ visible: false, moved: true }, false],
    [{ now: EVERY + IDLE + 1 }, false]
  ];
  for (const [change, due] of cases) {
    assert.equal(isDue({ ...at, ...change }), due, JSON.stringify(change));
  }
});
