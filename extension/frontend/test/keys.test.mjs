import assert from 'node:assert/strict';
import { test } from 'node:test';

import { SubmitKeys } from '../lib/keys.js';

function setUp() {
  const kept = new Map();
  const keep = {
    getItem: name => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, value),
    removeItem: name => kept.delete(name)
  };
  let n = 0;
  const make = () => new SubmitKeys(keep, 'p:', () => `key-${++n}`);
  return { kept, make, keys: make() };
}

test('a second try of the same content has the same key, even after a reload', () => {
  const { keys, make } = setUp();
  assert.equal(keys.take('c/l', 'saved at 1'), 'key-1');
  assert.equal(keys.take('c/l', 'saved at 1'), 'key-1');
  assert.equal(make().take('c/l', 'saved at 1'), 'key-1');
});

test('changed content, another lesson or a settled answer gets a fresh key', () => {
  const { keys } = setUp();
  keys.take('c/l', 'saved at 1');
  assert.equal(keys.take('c/l', 'saved at 2'), 'key-2');
  assert.equal(keys.take('c/other', 'saved at 2'), 'key-3');
  keys.settle('c/l');
  assert.equal(keys.take('c/l', 'saved at 2'), 'key-4');
});

test('a spoilt memory does no harm', () => {
  const { keys, kept } = setUp();
  kept.set('p:c/l', '{');
  assert.equal(keys.take('c/l', 'saved at 1'), 'key-1');
});
