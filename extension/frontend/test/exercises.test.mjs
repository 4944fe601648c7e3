import assert from 'node:assert/strict';
import { test } from 'node:test';

import { exerciseAt, exercises, isKept, isLocked, role } from '../lib/lesson/exercises.js';

let count = 0;
function cell(flags, own, type = 'code') {
  count += 1;
  const nbgrader = flags && { grade_id: `g${count}`, schema_version: 3, ...flags };
  const metadata = { ...(nbgrader && { nbgrader }), ...(own && { coursewright: own }) };
  return { id: `c${count}`, type, source: `# ${count}`, metadata };
}

function lesson() {
  count = 0;
  return [
    cell(null, null, 'markdown'),
    cell({ locked: true }, null, 'markdown'),
    cell({ solution: true, grade_id: 'first' }, { title: 'One', promises: ['a', 'b'] }),
    cell({ grade: true, locked: true }, { promises: [1] }),
    cell(null, null),
    cell({ solution: true, grade_id: 'second' }, null),
    cell({ grade: true, locked: true }, { promises: [2], exercise: 'first' }),
    cell({ grade: true, locked: true }, null),
    cell({ grade: true, solution: true, grade_id: 'words' }, null, 'markdown'),
    cell({ task: true }, null, 'markdown')
  ];
}

test('flags decide the role, who may edit, and what the lesson needs', () => {
  const cells = lesson();
  assert.deepEqual(cells.map(role), [
    'other',
    'locked',
    'solution',
    'tests',
    'other',
    'solution',
    'tests',
    'tests',
    'written',
    'task'
  ]);
  assert.deepEqual(
    cells.filter(isLocked).map(one => one.id),
    ['c2', 'c4', 'c7', 'c8', 'c10']
  );
  assert.deepEqual(
    cells.filter(one => !isKept(one)).map(one => one.id),
    ['c1', 'c5']
  );
});

test('tests belong to the exercise that they name, else to the one above', () => {
  const [first, second, words] = exercises(lesson());
  assert.deepEqual([first.key, first.title, first.promises], ['first', 'One', ['a', 'b']]);
  assert.deepEqual(
    first.tests.map(one => [one.cell, one.promises]),
    [
      ['c4', [1]],
      ['c7', [2]]
    ]
  );
  assert.equal(first.last, 'c7');
  assert.deepEqual([second.title, second.tests.length, second.last], ['second', 1, 'c8']);
  assert.deepEqual([words.written, words.tests.length], [true, 0]);
});

test('the selected cell means its own exercise, the introduced one, or the one above', () => {
  const cells = lesson();
  const meant = cells.map((_, index) => exerciseAt(cells, index)?.key);
  assert.deepEqual(meant, [
    'first',
    'first',
    'first',
    'first',
    'first',
    'second',
    'first',
    'second',
    'words',
    'words'
  ]);
  assert.equal(exerciseAt(cells, -1), null);
  assert.equal(exerciseAt([cell(null, null)], 0), null);
});

test('odd metadata is no exercise and does no harm', () => {
  const odd = [
    { id: 'a', type: 'code', source: '', metadata: { nbgrader: null, coursewright: null } },
    { id: 'b', type: 'code', source: '', metadata: { nbgrader: { solution: true } } },
    {
      id: 'c',
      type: 'code',
      source: '',
      metadata: {
        nbgrader: { solution: true, grade_id: 'x' },
        coursewright: { title: 3, promises: 'no' }
      }
    }
  ];
  assert.deepEqual(
    exercises(odd).map(one => [one.key, one.title, one.promises]),
    [['x', 'x', []]]
  );
});
