import assert from 'node:assert/strict';
import { test } from 'node:test';

import { attemptOf, reason, receipts, summary } from '../lib/lesson/sentences.js';

const fill = (text, args) => text.replace(/%(\d)/g, (_, n) => args[n - 1]);
const trans = {
  __: (text, ...args) => fill(text, args),
  _n: (one, many, n, ...args) => fill(n === 1 ? one : many, [n, ...args])
};
const error = (name, value = '', line = '') => ({ end: 'error', name, value, line });

test('a failed test says its own message, and the line that failed', () => {
  const cases = [
    [error('AssertionError', 'too small'), 'too small', ''],
    [error('AssertionError', 'too small', 'assert f()'), 'too small', 'assert f()'],
    [error('AssertionError', '', 'assert f()'), '', 'assert f()'],
    [error('AssertionError'), 'The test failed.', ''],
    [error('NotImplementedError'), 'There is no answer here yet.', ''],
    [error('NotImplementedError', 'later'), 'NotImplementedError: later', ''],
    [error('ZeroDivisionError', 'by zero', 'assert f()'), 'ZeroDivisionError: by zero', ''],
    [error('', 'object not found'), 'object not found', ''],
    [error(''), 'It stopped with an error.', ''],
    [{ end: 'stopped' }, 'Stopped before it was done.', ''],
    [{ end: 'skipped' }, '', '']
  ];
  for (const [ran, text, code] of cases) {
    assert.deepEqual(reason(trans, ran, 10), { text, code });
  }
  assert.match(reason(trans, error('NameError', 'no x'), 10).text, /run the cells above/);
  assert.match(reason(trans, { end: 'late' }, 7).text, /7 s/);
});

test('a summary counts, or says why there is nothing to count', () => {
  const verdict = (end, kept, of) => ({ answer: { end }, results: [], kept, of });
  assert.equal(summary(trans, verdict('done', 1, 2)), '1 of 2 promises kept.');
  assert.equal(summary(trans, verdict('done', 0, 1)), '0 of 1 promise kept.');
  assert.match(summary(trans, verdict('done', 0, 0)), /when you submit/);
  assert.match(summary(trans, verdict('error', 0, 3)), /tests did not run/);
  assert.match(summary(trans, verdict('stopped', 0, 3)), /^Stopped/);
  assert.match(summary(trans, verdict('dead', 0, 3)), /nothing was checked/);
});

test('receipts are those of every attempt, and the newest even before it is listed', () => {
  const listed = [{ attempt: 1, received_at: 't1', sha256: 'a', state: 'graded' }];
  const latest = { attempt: 2, received_at: 't2', sha256: 'b' };
  const [second, first] = receipts(listed, latest);
  assert.deepEqual(second, { attempt: 2, at: 't2', sha256: 'b' });
  assert.deepEqual(first, { attempt: 1, at: 't1', sha256: 'a' });
  assert.equal(receipts([{ ...listed[0], attempt: 2 }], latest).length, 1);
  assert.deepEqual(receipts([{ attempt: 1, received_at: 't' }], null), []);
  assert.deepEqual(receipts(null, null), []);
});

test('an attempt says of how many it is, where there is a number', () => {
  assert.equal(attemptOf(trans, 2, 3), 'Attempt 2 of 3');
  assert.equal(attemptOf(trans, 2, null), 'Attempt 2');
});
