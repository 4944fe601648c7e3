import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as roles from '../lib/author/cellroles.js';
import * as markers from '../lib/author/markers.js';
import { slips } from '../lib/author/slips.js';

const trans = {
  __: (text, ...args) => args.reduce((said, arg, i) => said.replaceAll(`%${i + 1}`, arg), text),
  _n: (one, many, n, ...args) => trans.__(n === 1 ? one : many, ...(args.length ? args : [n]))
};
const cell = (id, kind = 'code', source = '', nbgrader = null, own = null) => ({
  id,
  kind,
  source,
  nbgrader,
  own
});
const flags = (grade_id, some) => ({
  grade_id,
  schema_version: 3,
  solution: false,
  grade: false,
  locked: false,
  task: false,
  ...some
});
const solution = (id, promises) =>
  cell(id, 'code', 'x = 1', flags(id, { solution: true }), { title: 'X', promises });
const tests = (id, promises, own = {}) =>
  cell(id, 'code', 'assert x', flags(id, { grade: true, locked: true, points: 2 }), {
    ...own,
    promises
  });
/** What the changes make of the cells. */
const after = (cells, changes) =>
  cells.map((one, at) =>
    changes
      .filter(change => change.index === at)
      .reduce((now, { index: _, ...change }) => ({ ...now, ...change }), one)
  );

test('the flags of nbgrader make the role, as in the course document', () => {
  const cases = [
    [cell('a'), 'example'],
    [cell('a', 'markdown'), 'text'],
    [cell('a', 'code', '', flags('a', { solution: true })), 'solution'],
    [cell('a', 'code', '', flags('a', { grade: true })), 'tests'],
    [cell('a', 'markdown', '', flags('a', { grade: true, solution: true })), 'written'],
    [cell('a', 'markdown', '', flags('a', { task: true, locked: true })), 'task'],
    [cell('a', 'markdown', '', flags('a', { locked: true })), 'locked'],
    [cell('a', 'markdown', '', null, { quiz: {} }), 'quiz']
  ];
  for (const [one, role] of cases) {
    assert.equal(roles.roleOf(one), role);
  }
});

test('each role can be chosen where nbgrader allows it, and comes out as it was chosen', () => {
  for (const kind of ['code', 'markdown', 'raw']) {
    const start = cell('a', kind, 'x = 1');
    for (const choice of roles.choices(start)) {
      const [now] = after([start], roles.withRole([start], 0, choice));
      assert.equal(roles.choiceOf(now), choice, `${kind} ${choice}`);
      assert.deepEqual([...slips([now], trans).values()].flat().filter(isOfFlags), []);
    }
  }
});

const isOfFlags = said => /id|points|metadata|code cells|Markdown/.test(said) && !/belongs/.test(said);

test('an id that another cell has is made unique, any other id stays', () => {
  const cells = [solution('swap', []), cell('b'), cell('c', 'code', '', flags('swap', {}))];
  const named = (index, choice) => roles.withRole(cells, index, choice)[0].nbgrader.grade_id;
  assert.equal(roles.withRole([solution('swap', [])], 0, 'written')[0].nbgrader.grade_id, 'swap');
  assert.equal(named(1, 'visible'), 'swap-1');
  assert.equal(named(1, 'solution'), 'exercise-1');
  assert.equal(named(2, 'hidden'), 'swap-1');
});

test('a role takes along only what it can have', () => {
  const cells = [solution('swap', ['It swaps.'])];
  const [asTest] = after(cells, roles.withRole(cells, 0, 'visible'));
  assert.deepEqual(asTest.own, { title: 'X' });
  assert.equal(asTest.nbgrader.points, 1);
  const [asText] = after([asTest], roles.withRole([asTest], 0, 'example'));
  assert.deepEqual([asText.nbgrader, asText.own], [null, { title: 'X' }]);
  const keeps = roles.withRole(cells, 0, 'solution')[0];
  assert.deepEqual(keeps.own, cells[0].own);
});

test('points and ids change alone, and tests follow the id of their solution', () => {
  const cells = [solution('swap', []), tests('t', [1], { exercise: 'swap' }), tests('u', [1])];
  assert.deepEqual(roles.withPoints(cells, 1, 3), [
    { index: 1, nbgrader: { ...cells[1].nbgrader, points: 3 } }
  ]);
  assert.equal('points' in roles.withPoints(cells, 1, null)[0].nbgrader, false);
  const now = after(cells, roles.withId(cells, 0, 'swap two!'));
  assert.equal(now[0].nbgrader.grade_id, 'swap-two-');
  assert.equal(now[1].own.exercise, 'swap-two-');
  assert.equal(now[2], cells[2]);
});

test('the numbers in tests follow the promises that move', () => {
  const cells = [solution('swap', ['A.', 'B.', 'C.']), tests('t', [1, 3]), tests('u', [2])];
  const now = after(cells, roles.withSentences(cells, 0, ['B.', 'C.']));
  assert.deepEqual(roles.sentences(now[0]), ['B.', 'C.']);
  assert.deepEqual([roles.numbers(now[1]), roles.numbers(now[2])], [[2], [1]]);
  const worded = roles.withSentences(cells, 0, ['A!', 'B.', 'C.']);
  assert.equal(worded.length, 1);
});

test('numbers of promises are read as people write them', () => {
  const cases = [
    ['1, 3', [1, 3]],
    ['2;1', [2, 1]],
    ['', []],
    ['one', null],
    ['0', null]
  ];
  for (const [text, found] of cases) {
    assert.deepEqual(roles.parsed(text), found);
  }
});

test('marks go around whole lines, as far in as these, and can be taken out again', () => {
  const source = 'def f():\n    return 1\n\nf()';
  const from = source.indexOf('return');
  const marked = markers.wrapped(source, markers.SOLUTION, from, from + 6);
  assert.equal(
    marked,
    'def f():\n    ### BEGIN SOLUTION\n    return 1\n    ### END SOLUTION\n\nf()'
  );
  assert.equal(markers.unwrapped(marked, markers.SOLUTION), source);
  const line = markers.wrapped('a\nb\n', markers.HIDDEN, 0, 2);
  assert.equal(line, '### BEGIN HIDDEN TESTS\na\n### END HIDDEN TESTS\nb\n');
});

test('a test is visible, hidden, or has a part of each', () => {
  const hidden = '### BEGIN HIDDEN TESTS\nassert 1\n### END HIDDEN TESTS';
  const cases = [
    ['assert 1', 'visible'],
    [hidden, 'hidden'],
    [`assert 0\n${hidden}`, 'mixed'],
    [`// ${hidden.replace('\n###', '\n// ###')}`, 'hidden']
  ];
  for (const [source, found] of cases) {
    assert.equal(markers.hiddenLines(source), found);
  }
});

test('what is wrong is said at its cell', () => {
  const open = '### BEGIN SOLUTION\nx = 1';
  const cases = [
    [[solution('a', []), solution('a', [])], 0, /id “a” too/],
    [[cell('a', 'code', '', flags('', { locked: true }))], 0, /id is missing/],
    [[cell('a', 'code', '', flags('a b', { locked: true }))], 0, /letters/],
    [[solution('a', []), cell('t', 'code', '', flags('t', { grade: true }))], 1, /points are missing/],
    [[cell('t', 'code', '', flags('t', { grade: true, points: 1 }))], 0, /no solution cell/],
    [[solution('a', ['P.']), tests('t', [2])], 1, /names promise 2; the solution has 1/],
    [[solution('a', ['P.']), tests('t', [])], 0, /No test names promise 1/],
    [[cell('a', 'markdown', '', flags('a', { solution: true }))], 0, /code cells/],
    [[{ ...solution('a', []), source: open }], 0, /do not match/],
    [[cell('a', 'code', `${open}\n### END SOLUTION`)], 0, /no solution/],
    [[cell('a', 'code', '', { ...flags('a', { locked: true }), schema_version: 1 })], 0, /older form/]
  ];
  for (const [cells, at, said] of cases) {
    const found = slips(cells, trans).get(cells[at].id) ?? [];
    assert.ok(found.some(one => said.test(one)), `${said} in ${JSON.stringify(found)}`);
  }
  const sound = [cell('t', 'markdown'), solution('a', ['P.']), tests('a-1', [1])];
  assert.equal(slips(sound, trans).size, 0);
});
