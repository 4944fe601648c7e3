import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as words from '../lib/safety/words.js';

const trans = {
  __: (text, ...args) => args.reduce((said, arg, i) => said.replace(`%${i + 1}`, arg), text),
  _n: (one, many, n, ...args) => trans.__(n === 1 ? one : many, n, ...args)
};
const SAFE = {
  online: true,
  full: false,
  copies: { waiting: [], last: null },
  unsaved: [],
  refused: [],
  submits: []
};
const submit = {
  key: 'k',
  course: 'c',
  lesson: 'l',
  path: 'courses/c/l.ipynb',
  queued_at: '2026-11-20T14:02:00+00:00',
  refused: null,
  receipt: null
};
const copies = (...waiting) => ({ waiting, last: null });
const receipt = { attempt: 2, received_at: '2026-11-20T14:10:00+00:00' };

for (const [change, level, text] of [
  [{}, 'safe', 'All work is safe'],
  [{ copies: copies('a') }, 'busy', 'Saving a copy…'],
  [{ submits: [submit] }, 'waits', '1 submit waits'],
  [{ submits: [{ ...submit, receipt }] }, 'safe', 'All work is safe'],
  [{ online: false }, 'waits', 'Offline: your work is saved here'],
  [{ online: false, copies: copies('a') }, 'waits', 'Offline: 1 change waits'],
  [{ online: false, copies: copies('a', 'b') }, 'waits', 'Offline: 2 changes wait'],
  [
    { online: false, copies: copies('a', 'b'), submits: [submit] },
    'waits',
    'Offline: 2 changes and 1 submit wait'
  ],
  [{ unsaved: ['a'], full: true }, 'trouble', 'Storage is full: not saved here'],
  [{ unsaved: ['a'] }, 'trouble', 'Could not be saved here'],
  [{ full: true }, 'trouble', 'Storage is full'],
  [{ refused: [{ path: 'a', message: 'Too much.' }] }, 'trouble', 'No copy could be made'],
  [{ submits: [{ ...submit, refused: 'No.' }] }, 'trouble', '1 submit was refused']
]) {
  test(`in the status bar: ${text}`, () => {
    assert.deepEqual(words.summary(trans, { ...SAFE, ...change }), { level, text });
  });
}

test('a server that does not answer is trouble', () => {
  assert.equal(words.summary(trans, null).level, 'trouble');
});

test('a queued submit says when it was queued and how many wait', () => {
  const said = words.submitText(trans, submit, 3);
  assert.match(said, /^Queued at .+, will be sent when the service is back \(3 waiting\)\.$/);
  assert.ok(said.includes(words.time(submit.queued_at)));
});

test('a submit that was sent or refused says so', () => {
  assert.match(words.submitText(trans, { ...submit, receipt }, 0), /and sent: attempt 2, received/);
  assert.equal(words.submitText(trans, { ...submit, refused: 'Too late.' }, 0), 'Too late.');
});

test('today has no date, other days have one', () => {
  const moment = new Date(2026, 10, 20, 14, 2);
  const today = words.time(moment.toISOString(), new Date(2026, 10, 20, 20));
  const later = words.time(moment.toISOString(), new Date(2026, 10, 21, 20));
  assert.ok(later.length > today.length);
});

test('sizes are in kB or MB', () => {
  assert.equal(words.size(trans, 10), '1 kB');
  assert.equal(words.size(trans, 20_480), '20 kB');
  assert.equal(words.size(trans, 3 * 2 ** 20), '3.0 MB');
});
