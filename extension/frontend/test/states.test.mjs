import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as states from '../lib/states.js';

const trans = {
  __: (text, ...args) => args.reduce((said, arg, i) => said.replace(`%${i + 1}`, arg), text),
  _n: (one, many, n, ...args) => trans.__(n === 1 ? one : many, ...(args.length ? args : [n]))
};
const lesson = {
  minutes: 20,
  points: 8,
  state: 'new',
  score: null,
  max_score: null,
  attempts: 0,
  allowed: null,
  local: { exists: false, version: null }
};
const here = version => ({ local: { exists: true, version } });

test('each state of a lesson has its words', () => {
  const cases = [
    [{}, 'Not opened'],
    [here(1), 'In work'],
    [{ state: 'submitted', ...here(1) }, 'Submitted'],
    [{ state: 'held' }, 'Graded, not released yet'],
    [{ state: 'failed' }, 'Not graded'],
    [{ state: 'graded', score: 7, max_score: 8 }, 'Graded 7 of 8'],
    [{ state: 'graded', score: 2.4999999, max_score: 8 }, 'Graded 2.5 of 8']
  ];
  for (const [change, said] of cases) {
    assert.equal(states.standingWords(trans, { ...lesson, ...change }), said);
  }
});

test('the size of a lesson leaves out what is nothing or already said', () => {
  assert.equal(states.size(trans, lesson), '20 min · 8 points');
  assert.equal(states.size(trans, { ...lesson, minutes: 0, points: 1 }), '1 point');
  assert.equal(states.size(trans, { ...lesson, state: 'graded' }), '20 min');
  const limited = { ...lesson, minutes: 0, points: 0, attempts: 1, allowed: 3 };
  assert.equal(states.size(trans, limited), 'attempt 1 of 3');
});

test('a lesson is outdated when it changed after the version that is here', () => {
  const cases = [
    [{ changed_in: 3, ...here(2) }, true],
    [{ changed_in: 2, ...here(2) }, false],
    [{ changed_in: 3 }, false],
    [here(1), false]
  ];
  for (const [change, outdated] of cases) {
    assert.equal(states.isOutdated({ ...lesson, ...change }), outdated);
  }
});

test('the time left is said in its largest unit', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  const cases = [
    ['2026-11-24T12:00:01Z', 'in 3 days', 'later'],
    ['2026-11-23T11:00:00Z', 'in 1 day', 'soon'],
    ['2026-11-21T14:30:00Z', 'in 2 hours', 'soon'],
    ['2026-11-21T11:59:00Z', '1 minute ago', 'past']
  ];
  for (const [due, left, urgency] of cases) {
    assert.equal(states.fromNow(due, now, 'en'), left);
    assert.equal(states.urgency(due, now), urgency);
  }
});
