import assert from 'node:assert/strict';
import { test } from 'node:test';

import { failingLine, hasCode, judge } from '../lib/lesson/verdict.js';

const DONE = { end: 'done' };
const BROKEN = { end: 'error', name: 'AssertionError', value: 'off by one', line: 'assert f()' };
const WRONG = { end: 'error', name: 'NameError', value: "name 'f' is not defined", line: '' };

function exercise(promises, ...tests) {
  return {
    key: 'k',
    title: 'T',
    promises,
    cell: 'c',
    source: '',
    written: false,
    last: 'c',
    tests: tests.map(numbers => ({ cell: 't', source: 'assert f()', promises: numbers }))
  };
}

test('a promise is kept when every test that speaks of it passes', () => {
  const cases = [
    [[DONE, DONE], 'kept'],
    [[DONE, BROKEN], 'broken'],
    [[WRONG, BROKEN], 'broken'],
    [[DONE, WRONG], 'unclear'],
    [[DONE, { end: 'late' }], 'unclear'],
    [[DONE], 'unclear'],
    [[{ end: 'dead' }, { end: 'skipped' }], 'unclear']
  ];
  for (const [runs, state] of cases) {
    const found = judge(exercise(['a'], [1], [1]), DONE, runs);
    assert.equal(found.results[0].state, state);
    assert.deepEqual([found.kept, found.of], [Number(state === 'kept'), 1]);
  }
});

test('each promise hears its own tests, and one without a visible test waits for Submit', () => {
  const found = judge(exercise(['a', 'b', 'c'], [1, 2], [2]), DONE, [DONE, BROKEN]);
  assert.deepEqual(
    found.results.map(one => one.state),
    ['kept', 'broken', 'unseen']
  );
  assert.deepEqual([found.kept, found.of], [1, 2]);
  assert.deepEqual(found.results[1].ran, BROKEN);
});

test('without promises each test stands for itself', () => {
  const found = judge(exercise([], [], []), DONE, [DONE, BROKEN]);
  assert.deepEqual(
    found.results.map(one => [one.number, one.state]),
    [
      [1, 'kept'],
      [2, 'broken']
    ]
  );
});

test('a test cell that has nothing to run speaks of nothing', () => {
  const empty = exercise(['a'], [1]);
  empty.tests[0].source = '# hidden tests only\n\n';
  assert.equal(judge(empty, DONE, [DONE]).results[0].state, 'unseen');
  const cases = [
    ['', false],
    ['\n  \n', false],
    ['# one\n  # two', false],
    ['// one', false],
    ['# one\nassert f()', true],
    ['%%time', true]
  ];
  for (const [source, has] of cases) {
    assert.equal(hasCode(source), has, source);
  }
});

test('the failing line is that of the cell and not of what it calls', () => {
  const traceback = [
    '\u001b[31m-----\u001b[39m',
    'AssertionError   Traceback (most recent call last)',
    'Cell In[3], line 2\n      1 x = 1\n\u001b[32m----> 2 \u001b[39m\u001b[38;5;28;01massert\u001b[39;00m f(x) == 2\n',
    'Cell In[2], line 1\n----> 1 def f(x): raise',
    'AssertionError: '
  ];
  assert.equal(failingLine(traceback), 'assert f(x) == 2');
  assert.equal(failingLine(['Error in f(): no']), '');
});
