import assert from 'node:assert/strict';
import { test } from 'node:test';

import { beginning, summary, takenOver, toRead, undone } from '../lib/versions/words.js';

const fill = (text, args) => text.replace(/%(\d)/g, (_, n) => String(args[n - 1]));
const trans = {
  __: (text, ...args) => fill(text, args),
  _n: (one, many, n, ...args) => fill(n === 1 ? one : many, [n, ...args])
};
const merged = { to: 3, updated: [], added: [], removed: [], kept: [] };

test('what changed is counted, what matters most first', () => {
  const cells = ['added', 'changed', 'moved', 'changed'].map(kind => ({ kind }));
  assert.equal(summary(trans, { cells }), '2 cells changed, 1 new, 1 moved');
});

test('what was taken over is told, and what stays as the own', () => {
  assert.equal(
    takenOver(trans, { ...merged, updated: ['a'], added: ['b', 'c'] }),
    'Your notebook has version 3 now: 1 cell updated, 2 added. What you wrote is as it was.'
  );
  assert.match(takenOver(trans, { ...merged, kept: ['a'] }), /no cell differs.*took out 1 cell/);
});

test('after an undo it is said where later work is', () => {
  assert.doesNotMatch(undone(trans, { kept: null }), /kept in/);
  assert.match(undone(trans, { kept: 'x.ipynb' }), /kept in x\.ipynb/);
});

test('code that is kept beside an answer is fenced, whatever it holds', () => {
  assert.match(toRead('f()', trans), /\n```\nf\(\)\n```$/);
  assert.match(toRead('x = "```"', trans), /\n````\nx = "```"\n````$/);
});

test('a conflict is called by how its text begins', () => {
  assert.equal(beginning({ mine: '\n## Limits\nmore' }), 'Limits');
  assert.equal(beginning({ mine: 'x'.repeat(80) }).length, 60);
});
