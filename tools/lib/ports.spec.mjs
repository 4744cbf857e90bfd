import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { freePort, isFree } from './ports.mjs';

const RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
const lowestGiven = () => (existsSync(RANGE) ? Number.parseInt(readFileSync(RANGE, 'utf8'), 10) : 0);

test('a free port can be taken, and is none of those that the system gives to who names none', async (t) => {
  if (lowestGiven() < 30_000) return t.skip('the system does not say which, or gives nearly all');
  for (let looks = 0; looks < 20; looks += 1) {
    const port = await freePort();
    assert.ok(port < lowestGiven(), `${port} is one that anybody may get`);
    assert.ok(await isFree(port));
  }
});
