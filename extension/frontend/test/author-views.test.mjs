import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as findings from '../lib/author/findings.js';
import * as form from '../lib/author/form.js';
import { textOf } from '../lib/author/materialtext.js';
import * as progress from '../lib/author/progress.js';

const trans = {
  __: (text, ...args) => args.reduce((said, arg, i) => said.replaceAll(`%${i + 1}`, arg), text),
  _n: (one, many, n, ...args) => trans.__(n === 1 ? one : many, ...(args.length ? args : [n]))
};
const options = {
  providers: [
    { name: 'openai', ready: false, why: 'No model is set' },
    { name: 'bank', ready: true, why: '' }
  ],
  levels: ['beginner'],
  topics: ['Dictionaries'],
  defaults: { hours: 6, modules: 4, lessons: 1, exercises: 4, level: 'beginner', language: 'en' }
};
const piece = (kind, state, total = 0, place = 'p') => ({ kind, state, total, place, detail: '' });

test('the form begins with the defaults and what is ready', () => {
  const start = form.empty(options);
  assert.deepEqual([start.provider, start.modules, start.topic], ['bank', '4', '']);
});

test('a request has what was filled in, and nothing else', () => {
  const typed = {
    ...form.empty(options),
    topic: ' Lists ',
    hours: '2,5',
    objectives: 'sort\n\n  search ',
    minutes: '3'
  };
  assert.deepEqual(form.order(typed, { 'a.md': 'text' }), {
    request: {
      topic: 'Lists',
      level: 'beginner',
      language: 'en',
      modules: 4,
      lessons: 1,
      exercises: 4,
      hours: 2.5,
      objectives: ['sort', 'search'],
      sources: ['a.md']
    },
    provider: 'bank',
    seed: 0,
    sources: { 'a.md': 'text' },
    limits: { tokens: null, money: null, seconds: 180 }
  });
});

test('slips of typing are told at their fields', () => {
  const start = form.empty(options);
  const cases = [
    [{}, ['topic']],
    [{ topic: 'x' }, []],
    [{ topic: 'x', modules: 'four' }, ['modules']],
    [{ topic: 'x', money: '-1' }, ['money']],
    [{ topic: 'x', tokens: '1.5' }, ['tokens']],
    [{ topic: 'x', seed: 'a' }, ['seed']]
  ];
  for (const [change, fields] of cases) {
    assert.deepEqual(Object.keys(form.slips({ ...start, ...change }, trans)), fields);
  }
});

test('problems of the service come to their fields, the rest to the form', () => {
  const problems = [
    { field: 'objectives.0', message: 'Too long.' },
    { field: 'objectives.1', message: 'Empty.' },
    { field: 'sources', message: 'None.' },
    { field: 'the whole', message: 'No.' }
  ];
  assert.deepEqual(form.placed(problems, form.empty(options)), {
    objectives: 'Too long. Empty.',
    sources: 'None.',
    other: 'No.'
  });
});

test('pieces add up by kind, with what is planned as the whole', () => {
  const pieces = [
    piece('exercise', 'started', 6, ''),
    piece('exercise', 'accepted'),
    piece('exercise', 'repaired'),
    piece('exercise', 'repairing'),
    piece('exercise', 'abstained'),
    piece('outline', 'started', 0, ''),
    piece('outline', 'kept'),
    piece('lesson', 'started', 2, '')
  ];
  const stages = progress.stages(pieces);
  assert.deepEqual(
    stages.map(one => one.kind),
    ['outline', 'lesson', 'exercise']
  );
  assert.deepEqual(stages[2], {
    kind: 'exercise',
    planned: 6,
    done: 2,
    writing: 0,
    checking: 0,
    repairing: 1,
    abstained: 1
  });
  assert.deepEqual(progress.whole(stages), { ended: 4, planned: 9 });
});

test('little is read aloud: each tenth and the end', () => {
  const running = { topic: 'Lists', state: 'running', pieces: [piece('lesson', 'accepted', 4)] };
  assert.match(progress.announcement(trans, running), /20 percent/);
  assert.match(progress.announcement(trans, { ...running, pieces: [] }), /Being made/);
  assert.match(progress.announcement(trans, { ...running, state: 'done' }), /Done/);
});

const check = {
  id: 1,
  course: 'c',
  state: 'done',
  message: null,
  done: 2,
  total: 2,
  accepted: false,
  places: [
    {
      place: 'one',
      lesson: 'one',
      exercise: null,
      passed: true,
      findings: [{ gate: 'L2', message: 'note', blocks: false, cell: 'gone' }]
    },
    {
      place: 'one/swap',
      lesson: 'one',
      exercise: 'swap',
      passed: false,
      findings: [
        { gate: 'G3', message: 'bad', blocks: true, cell: null },
        { gate: 'G7', message: 'test', blocks: true, cell: 'c3' }
      ]
    }
  ]
};
const cells = [
  { id: 'c1', kind: 'markdown', source: '', nbgrader: null, own: null },
  { id: 'c2', kind: 'code', source: '', nbgrader: { solution: true, grade_id: 'swap' }, own: null },
  { id: 'c3', kind: 'code', source: '', nbgrader: { grade: true, grade_id: 'swap-1' }, own: null }
];

test('a finding is at the cell it names, else at its solution, else at the top', () => {
  const found = findings.atCells(check, 'one', cells);
  const gates = Object.fromEntries([...found].map(([id, all]) => [id, all.map(one => one.gate)]));
  assert.deepEqual(gates, { c2: ['G3'], c3: ['G7'], c1: ['L2'] });
  assert.equal(findings.atCells(check, 'two', cells).size, 0);
});

test('what blocks comes first, and the verdict counts it', () => {
  assert.deepEqual(
    findings.listed(check).map(one => one.finding.gate),
    ['G3', 'G7', 'L2']
  );
  assert.equal(findings.verdict(trans, check), '2 findings block. 1 note.');
  assert.equal(findings.verdict(trans, { ...check, places: [] }), 'Nothing blocks.');
});

test('own material is text, and of a notebook what its cells say', () => {
  const notebook = { cells: [{ source: ['a\n', 'b'] }, { source: ' ' }, { source: 'c' }] };
  assert.equal(textOf(notebook), 'a\nb\n\nc');
  assert.equal(textOf(JSON.stringify(notebook)), 'a\nb\n\nc');
  assert.equal(textOf('{ no JSON'), '{ no JSON');
  assert.equal(textOf(null), '');
});
