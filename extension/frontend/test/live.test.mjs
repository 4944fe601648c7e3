/** What comes over the socket, and which mark stands where. */

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answersIn, bare, marked, marksOf } from '../lib/live/marks.js';
import { message, messagesPage, ownSubmission, writtenIn } from '../lib/live/messages.js';

const event = {
  id: 7,
  name: 'learning.graded',
  at: '2026-11-20T13:50:00+00:00',
  course: 'sums',
  lesson: 'adding',
  person: null,
  detail: { submission: 3 }
};

const score = (grade_id, exercise, points, status, text = '') => ({
  grade_id,
  exercise,
  title: exercise ?? grade_id,
  points,
  max_points: 1,
  status,
  message: text
});

const attempt = {
  id: 3,
  attempt: 1,
  received_at: event.at,
  state: 'graded',
  points: 1,
  max_points: 3,
  mode: 'isolated',
  cells: [
    score('add-1', 'add', 1, 'passed', 'Well done'),
    score('add-2', 'add', 0, 'failed', 'Not yet: negative numbers.'),
    score('why', null, 0, 'manual', 'A person reads this')
  ]
};

const cell = (id, gradeId, solution = false) => ({ id, gradeId, solution });

for (const [text, kind] of [
  ['{"connected": true}', 'connected'],
  ['{"connected": false}', 'connected'],
  ['{"reset": true}', 'reset'],
  [JSON.stringify(event), 'event'],
  ['{"connected": "yes"}', undefined],
  ['{"id": 1, "name": "a", "detail": null}', undefined],
  ['{"watching": "sums"}', undefined],
  ['[]', undefined],
  ['null', undefined],
  ['7', undefined],
  ['no json', undefined],
  [undefined, undefined]
]) {
  test(`a message: ${text}`, () => assert.equal(message(text)?.kind, kind));
}

for (const [change, wanted] of [
  [{}, 3],
  [{ name: 'exercise.released' }, 3],
  [{ name: 'learning.submitted' }, null],
  [{ person: 'grace' }, null],
  [{ detail: {} }, null],
  [{ detail: { submission: 'x' } }, null]
]) {
  test(`an event of one's own feedback: ${JSON.stringify(change)}`, () =>
    assert.equal(ownSubmission({ ...event, ...change }), wanted));
}

test('an exercise has its sum below its answer, and each test its own mark', () => {
  const found = marksOf(
    [cell('a', 'add', true), cell('b', 'add-1'), cell('c', 'add-2'), cell('d', null)],
    attempt
  );
  assert.deepEqual([...found.keys()], ['a', 'b', 'c']);
  assert.deepEqual(
    [found.get('a').kind, found.get('a').status, found.get('a').points, found.get('a').messages],
    ['whole', 'partial', 1, []]
  );
  assert.deepEqual(found.get('b').messages, []);
  assert.deepEqual(found.get('c').messages, ['Not yet: negative numbers.']);
  assert.equal(found.get('c').exercise, 'add');
});

test('what a test says stands below the answer when the test is not in the notebook', () => {
  const found = marksOf([cell('a', 'add', true)], attempt);
  assert.deepEqual(found.get('a').messages, ['Not yet: negative numbers.']);
});

test('an answer that a person reads has one mark', () => {
  const found = marksOf([cell('w', 'why', true)], attempt);
  assert.deepEqual([found.get('w').kind, found.get('w').status], ['part', 'manual']);
});

test('cells that the attempt says nothing of have no mark', () => {
  assert.equal(marksOf([cell('x', 'other', true), cell('y', 'add')], attempt).size, 0);
});

test('answers are read from what was handed in', () => {
  const own = (grade_id, solution) => ({ nbgrader: { grade_id, solution } });
  const found = answersIn([
    { source: ['a\n', 'b'], metadata: own('add', true) },
    { source: 'c', metadata: own('add-1', false) },
    { source: 'd', metadata: {} },
    {}
  ]);
  assert.deepEqual([...found], [['add', 'a\nb']]);
});

test('outputs are no difference', () => {
  const text = { cell_type: 'markdown', source: 'x' };
  const code = { cell_type: 'code', source: 'y', outputs: [1], execution_count: 3 };
  assert.deepEqual(bare({ cells: [text, code] }).cells, [
    text,
    { ...code, outputs: [], execution_count: null }
  ]);
});

test('the newest graded attempt is the one whose marks are shown', () => {
  const held = { ...attempt, id: 5, state: 'held' };
  const waiting = { ...attempt, id: 4, state: 'received' };
  assert.equal(marked([held, waiting, attempt]).id, 3);
  assert.equal(marked([waiting]), undefined);
});

test('a message to oneself is known by its course, and by nobody else', () => {
  const written = { ...event, name: 'course.message', lesson: null, detail: { message: 3 } };
  assert.equal(writtenIn(written), 'sums');
  assert.equal(writtenIn({ ...written, person: 'grace' }), null);
  assert.equal(writtenIn(event), null);
});

test('messages stand on the page of the course service, beside the Hub', () => {
  assert.equal(messagesPage('/hub/'), '/services/coursewright/#unread');
  assert.equal(messagesPage('/school/hub/'), '/school/services/coursewright/#unread');
  assert.equal(messagesPage(''), null);
});
