import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as words from '../lib/classroom/words.js';

const trans = {
  __: (text, ...args) => args.reduce((said, arg, i) => said.replace(`%${i + 1}`, arg), text),
  _n: (one, many, n, ...args) => trans.__(n === 1 ? one : many, ...(args.length ? args : [n]))
};
const NOW = '2026-11-21T12:00:00Z';
const before = minutes => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
const pupil = (name, change = {}) => ({
  person: name.toLowerCase(),
  display_name: name,
  section: null,
  group: null,
  here: false,
  lesson: 'adding',
  exercise: 'add',
  checks: 0,
  hints: 0,
  attempts: 0,
  passed: null,
  total: null,
  points: null,
  max_points: null,
  submission: null,
  stuck_since: null,
  last_at: null,
  ...change
});
const choice = { search: '', lesson: '', section: '', group: '', hereOnly: false, order: 'stuck' };
const CLASS = [
  pupil('Away', { stuck_since: before(99), last_at: before(90) }),
  pupil('Calm', { here: true, last_at: before(0) }),
  pupil('Long', { here: true, stuck_since: before(30), last_at: before(1), checks: 9 }),
  pupil('Short', { here: true, stuck_since: before(3), last_at: before(0), group: 'evening', section: 'Monday' })
];
const names = change => words.chosen(CLASS, { ...choice, ...change }).map(one => one.display_name);

test('whoever is here and stuck longest comes first', () => {
  assert.deepEqual(names({}), ['Long', 'Short', 'Calm', 'Away']);
  assert.deepEqual(names({ order: 'name' }), ['Away', 'Calm', 'Long', 'Short']);
  assert.deepEqual(names({ order: 'tries' })[0], 'Long');
  assert.deepEqual(names({ order: 'seen' }), ['Calm', 'Short', 'Long', 'Away']);
});

test('students are chosen by group, lesson, name and presence', () => {
  assert.deepEqual(names({ group: 'evening' }), ['Short']);
  assert.deepEqual(names({ section: 'Monday' }), ['Short']);
  assert.deepEqual(names({ section: 'Tuesday' }), []);
  assert.deepEqual(names({ lesson: 'none' }), []);
  assert.deepEqual(names({ search: ' LO' }), ['Long']);
  assert.equal(names({ hereOnly: true }).includes('Away'), false);
});

test('times are told in one unit', () => {
  const cases = [
    [0, 'less than a minute'],
    [12, '12 min'],
    [60, '1 hour'],
    [180, '3 hours'],
    [3000, '2 days']
  ];
  for (const [minutes, said] of cases) {
    assert.equal(words.ago(trans, before(minutes), NOW), said);
  }
  assert.equal(words.presence(trans, pupil('A'), NOW), 'Has not been here yet');
  assert.equal(words.presence(trans, CLASS[0], NOW), 'Last seen 1 hour ago');
  assert.equal(words.stuck(trans, CLASS[2], NOW), 'Stuck for 30 min');
});

test('what was tried is told in figures', () => {
  const one = pupil('A', { checks: 2, passed: 1, total: 4, attempts: 1, hints: 1 });
  assert.equal(
    words.efforts(trans, { ...one, points: 1.005, max_points: 2 }),
    '2 checks · 1 of 4 tests passed · 1 hand-in · 1 of 2 points · 1 hint'
  );
  assert.equal(words.efforts(trans, pupil('A')), '');
});

test('where somebody is, by titles or else by keys', () => {
  const exercises = [{ key: 'add', title: 'Add' }];
  const course = { lessons: [{ key: 'adding', title: 'Adding', held: false, exercises }] };
  assert.equal(words.place(pupil('A'), course), 'Adding · Add');
  assert.equal(words.place(pupil('A', { lesson: 'gone', exercise: null }), course), 'gone');
});

const said = { items: [1], adjustment: 0.5, extra_credit: 0, keeps: false, comment: 'Good' };
const cell = { exercise: 'add', history: [{ ...said, counts: false }, { ...said, counts: true }] };

test('a form begins with the mark that counts', () => {
  assert.deepEqual(words.draftOf(cell), {
    items: [1],
    adjustment: '0.5',
    extraCredit: '0',
    keeps: false,
    comment: 'Good'
  });
  assert.equal(words.draftOf({ exercise: 'add', history: [] }).keeps, true);
  assert.equal(words.draftOf({ exercise: null, history: [] }).keeps, false);
});

test('a mark has numbers or is none', () => {
  const draft = words.draftOf(cell);
  assert.deepEqual(words.markOf({ ...draft, adjustment: '1,5' }, 3), {
    seen: 3,
    ...said,
    adjustment: 1.5
  });
  assert.equal(words.markOf({ ...draft, adjustment: '' }, 0).adjustment, 0);
  assert.equal(words.markOf({ ...draft, adjustment: 'much' }, 0), null);
  assert.equal(words.markOf({ ...draft, extraCredit: '-1' }, 0), null);
});
