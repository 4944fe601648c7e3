import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as words from '../lib/words.js';

const trans = {
  __: (text, ...args) => args.reduce((said, arg, i) => said.replace(`%${i + 1}`, arg), text),
  _n: (one, many, n, ...args) => trans.__(n === 1 ? one : many, ...(args.length ? args : [n]))
};
const cell = (grade_id, status, points, message = '') => ({
  grade_id,
  exercise: grade_id.split('-')[0],
  title: '',
  points,
  max_points: 2,
  status,
  message
});

test('test cells of one exercise become one result', () => {
  const cells = [
    cell('swap-1', 'passed', 2),
    cell('swap-2', 'failed', 0, 'Promise 2 is not kept.'),
    cell('double-1', 'passed', 2, 'not shown')
  ];
  const [swap, double] = words.exercises(cells);
  assert.deepEqual([swap.status, swap.points, swap.max_points], ['partial', 2, 4]);
  assert.deepEqual(swap.messages, ['Promise 2 is not kept.']);
  assert.deepEqual([double.key, double.status, double.messages], ['double', 'passed', []]);
});

test('the worst status of an exercise is the one that explains it', () => {
  const cases = [
    [['passed', 'timeout'], 'timeout'],
    [['error', 'failed'], 'error'],
    [['passed', 'manual'], 'manual'],
    [['failed', 'failed'], 'failed']
  ];
  for (const [statuses, status] of cases) {
    const cells = statuses.map((name, i) => cell(`e-${i}`, name, 0));
    assert.equal(words.exercises(cells)[0].status, status);
  }
});

test('the catalogue lists own courses first and finds every typed word', () => {
  const card = (title, role) => ({ title, role, summary: 'Tables and plots', level: 'beginner' });
  const cards = [card('B', null), card('C', 'student'), card('A', null)];
  assert.deepEqual(words.listed(cards, '').map(c => c.title), ['C', 'A', 'B']);
  assert.deepEqual(words.listed(cards, 'PLOTS a').length, 3);
  assert.deepEqual(words.listed(cards, 'plots pandas'), []);
});

test('only metadata that names course and lesson makes a course notebook', () => {
  const own = { course: 'c', lesson: 'l' };
  for (const odd of [undefined, null, 'x', {}, { course: 'c' }, { course: 1, lesson: 'l' }]) {
    assert.equal(words.belonging(odd), null);
  }
  assert.deepEqual(words.belonging(own), { ...own, version: null });
  assert.deepEqual(words.belonging({ ...own, version: 3 }), { ...own, version: 3 });
});

test('looks at a score come slower and slower, but at least every half minute', () => {
  assert.equal(words.nextWait(1), 1.5);
  assert.equal(words.nextWait(29), 30);
});
