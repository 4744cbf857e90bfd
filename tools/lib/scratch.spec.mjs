import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { scratchFolders } from './scratch.mjs';

const GB = 2 ** 30;
const RUN = '/checkout/test';

test('tests keep their data in memory where it has room, and temporary files beside them', () => {
  const { data, temporary } = scratchFolders(RUN, {}, 8 * GB);
  assert.match(data, /^\/dev\/shm\/quotebridge-[0-9a-f]{8}$/);
  assert.equal(temporary, join(data, 'tmp'));
});

test('without room in memory data lie in the folder of the run, and temporary files outside of the checkout', () => {
  for (const room of [0, 8 * GB - 1])
    assert.deepEqual(scratchFolders(RUN, {}, room), { data: join(RUN, 'data'), temporary: tmpdir() });
});

test('runs of two checkouts do not meet, wherever they keep their data', () => {
  for (const env of [{}, { QUOTEBRIDGE_TEST_DATA: '/fast' }])
    assert.notEqual(scratchFolders('/a/test', env, 8 * GB).data, scratchFolders('/b/test', env, 8 * GB).data);
});

test('a folder that was named keeps what else is in it: the data have one of their own there', () => {
  const { data, temporary } = scratchFolders(RUN, { QUOTEBRIDGE_TEST_DATA: '/fast' }, 0);
  assert.match(data, /^\/fast\/quotebridge-[0-9a-f]{8}$/);
  assert.equal(temporary, join(data, 'tmp'));
});
