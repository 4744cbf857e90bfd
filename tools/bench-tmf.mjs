// npm run bench:tmf: measures the components beside a bare Fastify and MongoDB server; test/bench/README.md says how to
// read it.
//
//   npm run bench:tmf                            all cases, 5 rounds of 5 seconds, at 1,000 and 100,000 documents
//   npm run bench:tmf -- --quick                 2 rounds of 2 seconds
//   npm run bench:tmf -- --cases get,post --sizes 1000 --rounds 3 --seconds 10 --connections 32
//   npm run bench:tmf -- --profile               CPU profiles of the components, in .quotebridge/bench/profiles
//
// Everything it starts is its own, on the loopback address, and is stopped at the end. The figures go to standard
// output and, as JSON, to .quotebridge/bench/.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { lockFolder } from './lib/lock.mjs';
import { checkNode } from './lib/node-version.mjs';
import { dataDir, root, writableDir } from './lib/paths.mjs';
import { runTool, say, secondsSince, SetupError } from './lib/say.mjs';

const OPTIONS = {
  quick: { type: 'boolean' },
  profile: { type: 'boolean' },
  rounds: { type: 'string' },
  seconds: { type: 'string' },
  connections: { type: 'string' },
  sizes: { type: 'string' },
  cases: { type: 'string' },
};

const count = (name, text, most) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new SetupError(`--${name} is "${text}": expected a whole number from 1 to ${most}.`);
};

const readOptions = () => {
  let values;
  try {
    ({ values } = parseArgs({ options: OPTIONS }));
  } catch (error) {
    throw new SetupError(
      `${error.message.split('. ')[0]}: npm run bench:tmf knows --${Object.keys(OPTIONS).join(', --')}.`,
    );
  }
  const { quick = false, profile = false } = values;
  return {
    profile,
    rounds: count('rounds', values.rounds ?? (quick ? '2' : '5'), 100),
    seconds: count('seconds', values.seconds ?? (quick ? '2' : '5'), 600),
    connections: count('connections', values.connections ?? '16', 1_000),
    sizes: (values.sizes ?? '1000,100000').split(',').map((text) => count('sizes', text, 10_000_000)),
    cases: values.cases?.split(',') ?? [],
    ...(quick ? { warm: 1 } : {}),
  };
};

const onSignal = (stop) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => {
      say(`\n${signal}: stopping what was started`);
      stop().finally(() => process.exit(1));
    });
  }
};

/** Measures everything; `closers` gets what has to be stopped afterwards. */
const runAll = async (options, folder, closers) => {
  const [{ pickPhases, caseNames }, { openSite }, { coresOf, startLoad }, { startOtlpSink }] =
    await Promise.all([
      import('../test/bench/cases.mjs'),
      import('../test/bench/site.mjs'),
      import('../test/bench/processes.mjs'),
      import('../test/bench/otlp-sink.mjs'),
    ]);
  const { measureCase } = await import('../test/bench/measure.mjs');
  const { figuresOf, growthOf } = await import('../test/bench/report.mjs');
  const { describeMachine } = await import('../test/bench/machine.mjs');

  const unknown = options.cases.filter((name) => !caseNames().includes(name));
  if (unknown.length > 0)
    throw new SetupError(`There is no case ${unknown.join(', ')}: there are ${caseNames().join(', ')}.`);
  const cores = coresOf();
  const sink = await startOtlpSink();
  closers.push(sink.stop);
  const load = await startLoad(cores?.load);
  closers.push(load.stop);
  const profiles = options.profile ? join(folder, 'profiles') : undefined;
  const sites = [];
  for (const size of options.sizes) {
    sites.push(await openSite(size, { folder, otlpUrl: sink.url, cores, profiles, closers }));
  }
  const cases = [];
  for (const phase of pickPhases(options.cases)) {
    const start = performance.now();
    for (const site of sites) await site.begin(phase);
    say(`${phase.component}: data is in place after ${secondsSince(start)}`);
    for (const test of phase.cases) {
      say(test.title);
      const results = await measureCase(test, phase, sites, load, { ...options, say });
      const sizes = Object.fromEntries(
        Object.entries(results).map(([size, measured]) => [size, figuresOf(test, measured)]),
      );
      cases.push({ name: test.name, title: test.title, sizes, growth: growthOf(sizes), rounds: results });
    }
    for (const site of sites) await site.end();
  }
  const [{ mongoVersion: mongodb, stream }] = sites;
  const machine = await describeMachine({ mongodb, nats: stream.version, cores });
  return { at: new Date().toISOString(), machine, options, traces: sink.bytes(), cases };
};

await runTool(async () => {
  checkNode();
  const options = readOptions();
  const folder = writableDir(join(dataDir(), 'bench'), 'QUOTEBRIDGE_DATA');
  const unlock = lockFolder(folder, 'another npm run bench:tmf runs in this checkout; wait for it');
  const closers = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) await close().catch((error) => say(error.message));
    unlock();
  };
  onSignal(stop);
  try {
    await ensureInstalled(root);
    const { buildAndTell } = await import('./lib/build.mjs');
    buildAndTell(root);
    const result = await runAll(options, folder, closers);
    const { linesOf } = await import('../test/bench/report.mjs');
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${result.at.replace(/[:.]/g, '-')}.json`);
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
    process.stdout.write(`${linesOf(result).join('\n')}\n`);
    say(`\nEvery round is in ${file}`);
    return 0;
  } finally {
    await stop();
  }
});
