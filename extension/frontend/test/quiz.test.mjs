import assert from 'node:assert/strict';
import { test } from 'node:test';

import { arranged, moved } from '../lib/quiz/order.js';
import { Drafts, isAnswered, lastAnswers, unanswered } from '../lib/quiz/drafts.js';
import { leftOpen, outcome, quizState, verdict } from '../lib/quiz/words.js';

const trans = {
  __: (text, ...args) => text.replace(/%(\d)/g, (_, n) => args[n - 1]),
  _n: (one, many, n, ...args) => (n === 1 ? one : many).replace(/%(\d)/g, (_, at) => [n, ...args][at - 1])
};

const quiz = (change = {}) => ({
  key: 'check',
  title: 'Check yourself',
  questions: ['one', 'two', 'three'].map(key => ({ key })),
  allowed: 3,
  left: 3,
  closed: null,
  best: null,
  max_points: 5,
  tries: [],
  results: [],
  ...change
});

function setUp() {
  const kept = new Map();
  const keep = {
    getItem: name => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: name => kept.delete(name)
  };
  let n = 0;
  const make = () => new Drafts(keep, 'p:', () => `key-${++n}`);
  return { keep, kept, make, drafts: make() };
}

test('answers outlast a reload of the page', () => {
  const { drafts, make } = setUp();
  drafts.write('c/l/1/q', { one: 2 });
  assert.deepEqual(make().read('c/l/1/q'), { answers: { one: 2 }, key: null });
  assert.equal(make().read('c/l/2/q'), null);
});

test('what was sent has one key, also after a reload, until the server has decided', () => {
  const { drafts, make } = setUp();
  drafts.write('q', { one: 2 });
  assert.equal(drafts.send('q'), 'key-1');
  assert.equal(drafts.send('q'), 'key-1');
  const again = make();
  assert.equal(again.send('q'), 'key-1');
  assert.deepEqual(again.read('q').answers, { one: 2 });
});

test('refused answers can be changed and get a fresh key', () => {
  const { drafts } = setUp();
  drafts.write('q', { one: 2 });
  drafts.send('q');
  drafts.refused('q');
  assert.deepEqual(drafts.read('q'), { answers: { one: 2 }, key: null });
  assert.equal(drafts.send('q'), 'key-2');
});

test('answers that were taken are forgotten', () => {
  const { drafts, kept } = setUp();
  drafts.write('q', { one: 2 });
  drafts.send('q');
  drafts.taken('q');
  assert.equal(drafts.read('q'), null);
  assert.equal(kept.size, 0);
});

test('a spoilt or a full memory does no harm', () => {
  const { drafts, keep, kept } = setUp();
  for (const spoilt of ['{', '3', '{"answers": null}', '{"answers": 3, "key": 3}']) {
    kept.set('p:q', spoilt);
    assert.equal(new Drafts(keep, 'p:', () => 'key').read('q'), null);
  }
  keep.setItem = () => {
    throw new Error('full');
  };
  drafts.write('other', { one: 1 });
  assert.deepEqual(drafts.read('other').answers, { one: 1 });
});

test('blanks and empty lists are no answers, and the first option is one', () => {
  for (const answer of [0, [0], '0', ' x ']) {
    assert.equal(isAnswered(answer), true);
  }
  for (const answer of [null, undefined, [], '', ' \n']) {
    assert.equal(isAnswered(answer), false);
  }
  assert.deepEqual(unanswered(quiz(), { two: 0, three: ' ' }), ['one', 'three']);
});

test('another try begins with the last answers', () => {
  const results = [{ key: 'one', answer: [1] }, { key: 'two', answer: null }];
  assert.deepEqual(lastAnswers(quiz({ results })), { one: [1], two: null });
});

test('a verdict tells apart right, partly right, wrong and not answered', () => {
  const about = (answered, right, points) => verdict({ answered, right, points });
  assert.equal(about(true, true, 1), 'right');
  assert.equal(about(true, false, 0.5), 'partly');
  assert.equal(about(true, false, 0), 'wrong');
  assert.equal(about(false, false, 0), 'open');
});

test('the state of a quiz says what counts and what is left', () => {
  const tried = change => quiz({ tries: [{ attempt: 1, points: 2, max_points: 5 }], ...change });
  assert.equal(quizState(trans, quiz()), 'Not answered yet · 3 attempts left');
  assert.equal(quizState(trans, tried({ best: 2, left: 1 })), '2 of 5 points · 1 attempt left');
  assert.equal(quizState(trans, tried({ best: 2, left: 0 })), '2 of 5 points · No attempts left');
  assert.equal(quizState(trans, tried({ best: 5, left: 2 })), '5 of 5 points');
  assert.equal(quizState(trans, quiz({ closed: 'It is over' })), 'Not answered yet · Closed');
});

test('what is read aloud tells the newest attempt', () => {
  const tries = [{ attempt: 1, points: 5, max_points: 5 }, { attempt: 2, points: 2.5, max_points: 5 }];
  assert.equal(outcome(trans, quiz()), '');
  assert.equal(outcome(trans, quiz({ tries, left: 1 })), 'Attempt 2: 2.5 of 5 points. 1 attempt left.');
  assert.equal(outcome(trans, quiz({ tries: [tries[0]] })), 'Attempt 1: 5 of 5 points.');
});

test('questions left open are named by their numbers', () => {
  assert.match(leftOpen(trans, [2]), /^Question 2 has no answer/);
  assert.match(leftOpen(trans, [1, 3]), /^Questions 1, 3 have no answer/);
});

test('entries of an ordering stand as they came until one is moved', () => {
  assert.deepEqual(arranged(null, 3), [0, 1, 2]);
  assert.deepEqual(arranged([], 3), [0, 1, 2]);
  assert.deepEqual(moved(arranged(null, 3), 0, 1), [1, 0, 2]);
  assert.deepEqual(moved(arranged([1, 0, 2], 3), 2, -1), [1, 2, 0]);
});
