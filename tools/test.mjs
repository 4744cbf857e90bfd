// npm test: prepares everything, then checks and tests on real MongoDB and NATS; ends with `N passed, N failed`.
//
//   npm test                       all steps but those of a Kubernetes cluster
//   npm test -- lint unit          only those steps (types, lint, format, circular imports, …, unit, e2e, chaos)
//   npm run test:cluster           the tests on a Kubernetes API server
//   npm run test:pods              the tests on a Kubernetes node that runs pods
//   npm run test:kubernetes        both, beside one another
//
// Settings: as for npm start (tools/start.mjs). The tests get MONGODB_URI and NATS_URL of servers that are up, and in
// QB_MONGOD and QB_NATS_SERVER the binaries, for tests that start servers of their own and kill them. What they keep lies
// in QUOTEBRIDGE_TEST_DATA, in memory unless given (tools/lib/scratch.mjs). Each step's whole output is kept in
// .quotebridge/test/logs.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exec } from './lib/exec.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { laneServers, serversAreGiven } from './lib/lane-servers.mjs';
import { lockFolder } from './lib/lock.mjs';
import { checkNode } from './lib/node-version.mjs';
import { dataDir, root, writableDir } from './lib/paths.mjs';
import { runTool, say, secondsSince, SetupError } from './lib/say.mjs';
import { scratchFolders } from './lib/scratch.mjs';
import { findBinary, startServices } from './lib/services.mjs';
import { closingLines, sum } from './lib/test-counts.mjs';
import { pick, roundsOf } from './lib/test-steps.mjs';

const STEP_TIME_LIMIT = 30 * 60_000;
const LINES_SHOWN = 400;
const LINES_OF_A_FAILURE = 40;
const SIGNAL_CODE = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const firstLines = (text, most) => text.split('\n').slice(0, most).join('\n');

// The failed tests come first: a reader of a long log, or of one that was cut, sees them without the rest.
const showFailure = (step, output) => {
  const failures = step.failures?.() ?? [];
  if (failures.length > 0)
    return say(failures.map((one) => firstLines(one, LINES_OF_A_FAILURE)).join('\n\n'));
  const lines = output.trimEnd().split('\n');
  say(lines.slice(-LINES_SHOWN).join('\n'));
};

const skip = (step, reason) => {
  // On standard output, as the sum at the end: CI repeats it beside that.
  process.stdout.write(`skipped ${step.name.padEnd(16)} ${reason}\n`);
  return { passed: 0, failed: 0, skipped: 1 };
};

const runStep = async (step, env, logs) => {
  const start = performance.now();
  const result = await exec(process.execPath, step.args, { cwd: root, env, timeout: STEP_TIME_LIMIT });
  const output = `${result.stdout}${result.stderr}`;
  const log = join(logs, `${step.name.replaceAll(' ', '-')}.log`);
  writeFileSync(log, output);
  const counts = step.count(result);
  const tests = counts.passed + counts.failed > 1 ? `${counts.passed} passed, ${counts.failed} failed, ` : '';
  const skipped = counts.skipped > 0 ? `${counts.skipped} skipped, ` : '';
  say(
    `${counts.failed === 0 ? 'ok    ' : 'FAILED'} ${step.name.padEnd(17)} ${tests}${skipped}${secondsSince(start)}`,
  );
  for (const line of step.proofs?.() ?? []) say(`  ${line}`);
  // What a test measures besides, such as how long something takes here.
  for (const line of output.match(/^seen: .*$/gm) ?? []) say(`  ${line}`);
  if (counts.failed > 0) {
    if (result.code === -2) say(`  it was ended after ${STEP_TIME_LIMIT / 60_000} minutes`);
    showFailure(step, output);
    say(`  (all of it: ${log})`);
  }
  return counts;
};

const binaryFor = async (name) => {
  try {
    return (await findBinary(name)).file;
  } catch (error) {
    // Only tests that kill servers need it when an address is given.
    if (!(error instanceof SetupError)) throw error;
    say(`note: ${error.message}`);
    return undefined;
  }
};

const testEnv = async (services) => {
  const env = { ...process.env, NX_DAEMON: 'false', NO_COLOR: '1' };
  delete env.FORCE_COLOR;
  const own = {
    MONGODB_URI: services.mongodbUri,
    NATS_URL: services.natsUrl,
    QB_MONGOD: await binaryFor('mongod'),
    QB_NATS_SERVER: await binaryFor('nats-server'),
  };
  return Object.assign(
    env,
    Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)),
  );
};

const runRound = async ({ lanes, steps }, { servers, logs, temporary }) => {
  const waiting = [];
  const counts = [];
  // Before any of them begins, one after the other: what steps need may be the same, and building it takes every processor.
  for (const step of steps) {
    const reason = await step.whyNot?.();
    if (reason === undefined) waiting.push(step);
    else counts.push(skip(step, reason));
  }
  const needsServers = steps.some((step) => step.servers);
  const runLane = async (lane) => {
    const env = await testEnv(await servers.of(needsServers ? lane : 0));
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      counts.push(await runStep(step, step.inScratch ? { ...env, TMPDIR: temporary } : env, logs));
  };
  const width = serversAreGiven() ? 1 : Math.min(lanes, waiting.length);
  await Promise.all(Array.from({ length: width }, (_, lane) => runLane(lane)));
  return sum(counts);
};

const runAll = async (rounds, surroundings) => {
  const counts = [];
  for (const round of rounds) counts.push(await runRound(round, surroundings));
  return sum(counts);
};

// What an earlier run left may still be in use for a moment.
const clear = (folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });

/** Servers for the work; they and what they kept are gone after it, also when it is ended: it may lie in memory. */
const withServers = async (data, work) => {
  let servers;
  const end = async () => {
    await servers?.stop();
    clear(data);
  };
  for (const [signal, code] of Object.entries(SIGNAL_CODE))
    process.once(signal, () => void end().finally(() => process.exit(code)));
  try {
    servers = laneServers(data, await startServices(data));
    return await work(servers);
  } finally {
    await end();
  }
};

await runTool(async () => {
  const start = performance.now();
  checkNode();
  const folder = writableDir(join(dataDir(), 'test'), 'QUOTEBRIDGE_DATA');
  const unlock = lockFolder(folder, 'another npm test runs in this checkout; wait for it');
  try {
    await ensureInstalled(root);
    const { buildAndTell } = await import('./lib/build.mjs');
    buildAndTell(root);
    const logs = join(folder, 'logs');
    const { data, temporary } = scratchFolders(folder);
    for (const one of [logs, data]) clear(one);
    for (const one of [logs, temporary]) mkdirSync(one, { recursive: true });
    const rounds = pick(roundsOf(logs), process.argv.slice(2));
    if (rounds.every(({ steps }) => steps.length === 0))
      throw new SetupError(`No step is called ${process.argv.slice(2).join(', ')}.`);
    const counts = await withServers(data, (servers) => runAll(rounds, { servers, logs, temporary }));
    say(`\nall steps took ${secondsSince(start)}`);
    process.stdout.write(`${closingLines(counts).join('\n')}\n`);
    return counts.failed === 0 ? 0 : 1;
  } finally {
    unlock();
  }
});
