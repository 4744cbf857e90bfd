import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scratchFolder } from './scratch.mjs';

const GB = 2 ** 30;

test('tests keep their data in memory where it has room, else in the folder of the run', () => {
  assert.match(scratchFolder('/checkout/test', {}, 8 * GB), /^\/dev\/shm\/quotebridge-[0-9a-f]{8}$/);
  assert.equal(scratchFolder('/checkout/test', {}, 8 * GB - 1), '/checkout/test/data');
  assert.equal(scratchFolder('/checkout/test', {}, 0), '/checkout/test/data');
});

test('runs of two checkouts do not meet, wherever they keep their data', () => {
  for (const env of [{}, { QUOTEBRIDGE_TEST_DATA: '/fast' }])
    assert.notEqual(scratchFolder('/a/test', env, 8 * GB), scratchFolder('/b/test', env, 8 * GB));
});

test('a folder that was named keeps what else is in it: the data have one of their own there', () => {
  assert.match(
    scratchFolder('/checkout/test', { QUOTEBRIDGE_TEST_DATA: '/fast' }, 0),
    /^\/fast\/quotebridge-[0-9a-f]{8}$/,
  );
});
