import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measurePaced } from '../test/bench/paced.mjs';
import { figuresOf, growthOf } from '../test/bench/report.mjs';
import { median, medianOf, quantile } from '../test/bench/stats.mjs';
import { createServer } from 'node:http';

test('a quantile is a value that was measured, and no more than its share lies above it', () => {
  const values = [9, 1, 5, 3, 7, 2, 8, 4, 6, 10];
  assert.deepEqual(
    [0, 0.1, 0.5, 0.91, 1].map((p) => quantile(values, p)),
    [1, 1, 5, 10, 10],
  );
  assert.equal(quantile([], 0.5), undefined);
});

test('the median of an even number of values lies between the middle two', () => {
  assert.equal(median([4, 1, 3, 2]), 2.5);
  assert.equal(median([30, 1, 2]), 2);
  assert.equal(
    medianOf([{ a: 1 }, {}, { a: 5 }, { a: 2 }], (it) => it.a),
    2,
  );
});

const round = (perSecond, more = {}) => ({
  perSecond,
  p50: 5,
  p99: 20,
  cpu: { node: 400, mongod: 200 },
  ...more,
});
const measured = (ours, bare, lagP99) => ({
  ours: ours.map((it) => round(it, { lag: { p50: 5, p99: lagP99 } })),
  bare: bare.map((it) => round(it)),
  half: ours.map((it) => round(it / 2, { p99: 49, lag: { p50: 3, p99: lagP99 } })),
  bareHalf: bare.map((it) => round(it / 2, { p99: 31 })),
  memory: { now: 240, most: 260 },
});

test('a ratio is that of the medians and is judged by the floor of its case', () => {
  const writing = { floor: 0.6, writes: true };
  const { ratio, lag, half, memoryMb } = figuresOf(writing, measured([600, 10, 900], [1000, 990, 1010], 151));
  assert.equal(ratio.value, 0.6);
  assert.equal(ratio.reached, true);
  assert.deepEqual([lag.full.p99.reached, half.p99.reached, memoryMb.reached], [false, true, true]);
  assert.equal(half.bareP99, 31);
  const reading = figuresOf({ floor: 0.8 }, measured([799], [1000], undefined));
  assert.equal(reading.ratio.reached, false);
  assert.equal(reading.lag, undefined);
});

test('growth compares the largest size with the smallest, whatever their order', () => {
  const at = (value) => ({ perSecond: { median: value } });
  assert.equal(growthOf({ 100000: at(89), 1000: at(100) }).reached, false);
  assert.equal(growthOf({ 1000: at(100), 100000: at(90) }).reached, true);
  assert.equal(growthOf({ 1000: at(100) }), undefined);
});

test('an even pace sends every request that is due, those of the warm-up too, and counts wrong statuses', async () => {
  let got = 0;
  const server = createServer((_request, response) => {
    got += 1;
    response.writeHead(got % 5 === 0 ? 500 : 200).end();
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const result = await measurePaced({
    url: `http://127.0.0.1:${server.address().port}`,
    headers: {},
    requests: [{ method: 'GET', path: '/' }],
    status: [200],
    perSecond: 200,
    seconds: 0.1,
  });
  server.close();
  assert.equal(got, 120);
  assert.equal(result.bad, 24);
});
