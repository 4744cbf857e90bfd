// Measures what traces cost: npm run bench:traces -- --rounds=4 --seconds=5
// Product catalogs that differ only in the share of traces that they record get the same requests in turns. What is compared is the
// processor time for each request, which moves less than requests per second when a machine is busy.
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runBench } from './lib/bench-run.mjs';
import { root } from './lib/paths.mjs';
import { runTool, say, SetupError } from './lib/say.mjs';
import { startServices } from './lib/services.mjs';
import { pickPhases } from '../test/bench/cases.mjs';
import { makeApiKey, openDatabase, seedCatalog, untilPublished } from '../test/bench/data.mjs';
import { readNumbers } from '../test/bench/options.mjs';
import { startOtlpSink } from '../test/bench/otlp-sink.mjs';
import { coresOf, cpuOf, startLoad, startProgram } from '../test/bench/processes.mjs';
import { medianOf } from '../test/bench/stats.mjs';

const OPTIONS = {
  rounds: [4, 1, 'rounds of each case'],
  seconds: [5, 1, 'seconds of each measurement'],
  connections: [16, 1, 'connections'],
  warm: [20, 0, 'seconds of requests before the first round'],
};
const DOCUMENTS = 1_000;
const SETTLE_MS = 300;
/** Which share is recorded; the first is what the others are compared with. */
const SHARES = [
  { title: 'no receiver', name: 'none' },
  { title: 'one trace in ten', name: 'tenth', ratio: '0.1' },
  { title: 'every trace', name: 'all', ratio: '1' },
];
const databaseOf = ({ name }) => `bench-traces-${name}`;

const start = async (share, { folder, services, sink, core, client, headers }) => {
  const program = await startProgram({
    name: `catalog-${share.name}`,
    folder,
    core,
    args: [join(root, 'dist/apps/product-catalog/src/main.js')],
    env: {
      AUTH: 'on',
      DATABASE: databaseOf(share),
      MONGODB_URI: services.mongodbUri,
      NATS_URL: services.natsUrl,
      RATE_LIMIT_PER_MINUTE: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: share.ratio === undefined ? '' : sink.url,
      TRACE_RATIO: share.ratio ?? '0',
    },
  });
  const collection = client.db(databaseOf(share)).collection('productOffering');
  const seed = await seedCatalog(program.url, headers, collection, DOCUMENTS);
  return { ...share, program, collection, seed };
};

/** One measurement, while the other programs are held. */
const measure = async (load, test, catalogs, wanted, { headers, connections, seconds }) => {
  for (const { program } of catalogs) program.hold();
  wanted.program.release();
  await sleep(SETTLE_MS);
  const before = cpuOf(wanted.program.pid);
  const { url } = wanted.program;
  const requests = test.requests(wanted.seed);
  const job = { url, headers, requests, status: test.status, connections, seconds };
  const { perSecond, statuses, bad } = await load.run('maximum', job);
  if (bad > 0) throw new SetupError(`${test.title}: ${bad} requests failed (${JSON.stringify(statuses)})`);
  const answered = Object.values(statuses).reduce((sum, count) => sum + count, 0);
  if (test.writes) await untilPublished(wanted.collection);
  return {
    perSecond,
    cpu: before === undefined ? undefined : (cpuOf(wanted.program.pid) - before) / answered,
  };
};

const lineOf = ({ title }, rounds, least) => {
  const perSecond = `${medianOf(rounds, (one) => one.perSecond).toFixed(0)} req/s`;
  const cpu = medianOf(rounds, (one) => one.cpu);
  if (cpu === undefined || Number.isNaN(cpu)) return `  ${title.padEnd(18)} ${perSecond}`;
  const change = least === undefined ? undefined : (cpu / least - 1) * 100;
  const more =
    change === undefined ? '' : `, ${change < 0 ? '' : '+'}${change.toFixed(1)} % against no receiver`;
  return `  ${title.padEnd(18)} ${perSecond.padStart(12)}  ${cpu.toFixed(0)} µs of processor each${more}`;
};

const run = async (options, folder, closers) => {
  const services = await startServices(folder, { ...process.env, MONGODB_URI: '', NATS_URL: '' });
  closers.push(services.stop);
  const client = await openDatabase(services.mongodbUri);
  closers.push(() => client.close());
  const sink = await startOtlpSink();
  closers.push(sink.stop);
  const cores = coresOf();
  const load = await startLoad(cores?.load);
  closers.push(load.stop);
  const headers = { 'x-api-key': await makeApiKey(client, SHARES.map(databaseOf)) };
  const catalogs = [];
  for (const share of SHARES) {
    const parts = { folder, services, sink, core: cores?.server, client, headers };
    const catalog = await start(share, parts);
    closers.push(catalog.program.stop);
    catalogs.push(catalog);
  }
  const common = { headers, connections: options.connections, seconds: options.seconds };
  const lines = [];
  for (const test of pickPhases(['get', 'post']).flatMap(({ cases }) => cases)) {
    const results = new Map(catalogs.map((catalog) => [catalog, []]));
    for (const catalog of catalogs)
      if (options.warm > 0)
        await measure(load, test, catalogs, catalog, { ...common, seconds: options.warm });
    for (let round = 0; round < options.rounds; round += 1)
      for (const catalog of catalogs)
        results.get(catalog).push(await measure(load, test, catalogs, catalog, common));
    const least = medianOf(results.get(catalogs[0]), (one) => one.cpu);
    lines.push(
      test.title,
      ...catalogs.map((one, i) => lineOf(one, results.get(one), i === 0 ? undefined : least)),
    );
    say(`${test.title}: measured`);
  }
  return [...lines, `exported: ${(sink.bytes() / 1024).toFixed(0)} kB`];
};

await runTool(async () => {
  const options = readNumbers(OPTIONS);
  return runBench('bench:traces', async (folder, closers) => {
    process.stdout.write(`${(await run(options, folder, closers)).join('\n')}\n`);
    return 0;
  });
});
