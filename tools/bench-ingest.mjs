// Measures how many records a component takes in: npm run bench:ingest -- --records=20000
// With --file-records: one large file through the SFTP connector, and the memory it takes there.
// A connector's batches go over NATS to the product catalog, with validation, de-duplication, upsert, events and the relay.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runBench } from './lib/bench-run.mjs';
import { root } from './lib/paths.mjs';
import { runTool, say } from './lib/say.mjs';
import { startServices } from './lib/services.mjs';
import { measureFileLoad } from '../test/bench/file-load.mjs';
import { readNumbers } from '../test/bench/options.mjs';
import { cpuOf, startProgram } from '../test/bench/processes.mjs';

const BATCH = 500;
const WINDOW = 4;
const require = createRequire(import.meta.url);

const OPTIONS = {
  records: [20_000, BATCH, 'records of each pass'],
  'file-records': [0, 0, 'records of a file that comes through the SFTP connector, instead of the passes'],
  'record-bytes': [500, 100, 'bytes of each record of that file'],
};

const record = (index, revision, naturalKey) => ({
  externalId: `P-${index}`,
  op: 'upsert',
  id: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
  modifiedAt: new Date(Date.UTC(2026, 0, 1) + revision * 1_000).toISOString(),
  resource: {
    '@type': 'ProductSpecification',
    name: `Part ${index}, revision ${revision}`,
    productNumber: `P-${index}`,
    brand: 'Acme',
    lifecycleStatus: 'Active',
    description:
      'A spare part with a text of ordinary length, as an ERP keeps it for people who order by telephone.',
    externalIdentifier: [
      { '@type': 'ExternalIdentifier', owner: 'bench', externalIdentifierType: naturalKey, id: `P-${index}` },
    ],
    productSpecCharacteristic: [
      {
        '@type': 'StringCharacteristic',
        name: 'weight',
        valueType: 'string',
        productSpecCharacteristicValue: [
          { '@type': 'StringCharacteristicValueSpecification', value: `${index % 100} kg` },
        ],
      },
    ],
  },
});

/** Sends all records with a window of open batches, as the engine does; gives what became of them and the seconds. */
const pass = async (bus, name, records, revision, more = {}, first = 0) => {
  const events = require(join(root, 'dist/libs/platform/events/src/index.js'));
  const run = `bench-${name}.${Date.now()}`;
  const counts = {};
  const open = new Map();
  const consumption = await bus.consume(
    {
      durable: `bench-${name}`,
      stream: events.INGEST,
      subjects: [events.outcomeSubject(run)],
      concurrency: 64,
      maxAttempts: 1,
      backoffMs: [1_000],
      ackWaitMs: 10_000,
      startAt: 'new',
    },
    async (delivery) => {
      const { batch, outcomes } = delivery.json();
      for (const { status } of outcomes) counts[status] = (counts[status] ?? 0) + 1;
      open.get(batch)?.();
    },
  );
  const start = performance.now();
  const inWork = new Set();
  for (let from = 0, batch = 1; from < records; from += BATCH, batch += 1) {
    const some = Array.from({ length: Math.min(BATCH, records - from) }, (_, at) =>
      record(first + from + at, revision, 'part'),
    );
    const done = new Promise((resolve) => open.set(batch, resolve)).finally(() => inWork.delete(done));
    inWork.add(done);
    await bus.publish(
      events.ingestSubject('productSpecification'),
      { run, batch, source: 'bench', resource: 'productSpecification', records: some, ...more },
      { id: `${run}/${batch}`, key: 'bench/productSpecification' },
    );
    while (inWork.size >= WINDOW) await Promise.race(inWork);
  }
  await Promise.all(inWork);
  const seconds = (performance.now() - start) / 1_000;
  await consumption.stop();
  return { name, counts, seconds, perSecond: Math.round(records / seconds) };
};

const LOOK_EVERY = 50;

/** Processor time of each process that takes part, in microseconds; undefined where the system does not tell. */
const cpuOfAll = (pids) => pids.map(cpuOf);

const perRecord = (before, after, records) =>
  after.map((now, at) => (now === undefined ? '-' : Math.round((now - before[at]) / records))).join('/');

/** Waits until the stream of events has as many messages; gives how many were missing at first. */
const eventsUpTo = async (bus, wanted) => {
  const missing = async () => wanted - (await bus.streams.streams.info('TMF_EVENTS')).state.messages;
  const behind = await missing();
  while ((await missing()) > 0) await sleep(LOOK_EVERY);
  return behind;
};

const passes = async (services, records, closers, pids) => {
  const { EventBus } = require(join(root, 'dist/libs/platform/events/src/index.js'));
  const bus = await EventBus.connect({ servers: services.natsUrl, name: 'bench-ingest' });
  closers.push(() => bus.close());
  const naturalKeys = [{ externalIdentifierType: 'part' }];
  // Other records than those that are measured.
  await pass(bus, 'warm-up', BATCH * 4, 1, {}, 1_000_000_000);
  let told = BATCH * 4;
  await eventsUpTo(bus, told);
  for (const [name, revision, more] of [
    ['new', 1, {}],
    ['unchanged', 1, {}],
    ['changed', 2, {}],
    ['unchanged-dry-run', 2, { dryRun: true }],
    ['natural-keys-unchanged', 2, { naturalKeys }],
  ]) {
    const [start, before] = [performance.now(), cpuOfAll(pids)];
    const { counts, seconds, perSecond } = await pass(bus, name, records, revision, more);
    told += (counts.created ?? 0) + (more.dryRun ? 0 : (counts.updated ?? 0));
    const behind = await eventsUpTo(bus, told);
    const withEvents = Math.round((records / (performance.now() - start)) * 1_000);
    process.stdout.write(
      `${name.padEnd(24)} ${String(perSecond).padStart(6)} records/s  (${seconds.toFixed(1)} s, ${JSON.stringify(counts)})\n` +
        `${''.padEnd(24)} ${String(withEvents).padStart(6)} records/s until the last event is out (${Math.max(0, behind)} waited), ` +
        `CPU µs a record ${perRecord(before, cpuOfAll(pids), records)} (catalog/mongod/nats)\n`,
    );
  }
  return 0;
};

/** The process of a server that was started in `folder`. */
const pidOf = (folder, name) => Number(readFileSync(join(folder, `${name}.pid`), 'utf8'));

const megabytes = ({ most }) => (most === undefined ? '-' : `${Math.round(most)} MB`);

/** Zero when every record of the file is in the catalog, once. */
const file = async (site) => {
  const { run, bytes, seconds, told, connector, catalog, cpu } = await measureFileLoad({
    ...site,
    tell: say,
  });
  const { records } = site;
  const rate = `${Math.round(records / seconds)} records/s, ${(bytes / seconds / 1e6).toFixed(1)} MB/s`;
  process.stdout.write(
    `${'file'.padEnd(24)} ${records} records, ${(bytes / 1e9).toFixed(2)} GB in ${seconds.toFixed(0)} s: ${rate}\n` +
      `${'run'.padEnd(24)} ${run.state} ${JSON.stringify(run.counts)}${run.error === undefined ? '' : `: ${run.error}`}\n` +
      `${'result file'.padEnd(24)} ${told.state}, ${told.records} records\n` +
      `${'memory at most'.padEnd(24)} connector ${megabytes(connector)} (${Math.round(connector.before ?? 0)} MB before the run), catalog ${megabytes(catalog)}\n` +
      `${'CPU µs a record'.padEnd(24)} ${perRecord(cpu.before, cpu.after, records)} (connector/catalog/mongod/nats)\n`,
  );
  return run.state === 'succeeded' && run.counts.created === records && told.records === records ? 0 : 1;
};

await runTool(async () => {
  const options = readNumbers(OPTIONS);
  return runBench('bench:ingest', async (own, closers) => {
    const services = await startServices(own, { ...process.env, MONGODB_URI: '', NATS_URL: '' });
    closers.push(services.stop);
    const env = { MONGODB_URI: services.mongodbUri, NATS_URL: services.natsUrl, LOG_LEVEL: 'warn' };
    const catalog = await startProgram({
      name: 'product-catalog',
      folder: own,
      args: [join(root, 'dist/apps/product-catalog/src/main.js')],
      env: { ...env, AUTH: 'off' },
    });
    closers.push(catalog.stop);
    const { records, 'file-records': inFile, 'record-bytes': recordBytes } = options;
    const pids = [catalog.pid, ...['mongodb', 'nats'].map((name) => pidOf(own, name))];
    return inFile === 0
      ? await passes(services, records, closers, pids)
      : await file({ records: inFile, recordBytes, folder: own, env, catalog, pids, closers });
  });
});
