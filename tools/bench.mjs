// npm run bench: everything that is measured, one after the other; test/bench/README.md says how to read it.
//
//   npm run bench                 about an hour; loads of a minute
//   npm run bench -- --quick      some 10 minutes: does it still work, is something far off
//   npm run bench -- --full       loads as long, and as large, as the goals say: hours
//
// Each has a command of its own with more options: bench:tmf, bench:ingest, bench:gateway, bench:traces.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.mjs';
import { runTool, say, secondsSince, SetupError } from './lib/say.mjs';

const LENGTHS = ['quick', 'usual', 'full'];

/** What is run, and with which options for each length. */
const BENCHES = [
  { file: 'bench-tmf.mjs', what: 'TMF APIs beside a bare server', quick: ['--quick'] },
  { file: 'bench-ingest.mjs', what: 'records taken in', quick: ['--records=2000'] },
  {
    file: 'bench-ingest.mjs',
    what: 'a file of parts through a connector',
    quick: ['--file-records=5000'],
    usual: ['--file-records=150000'],
    full: ['--file-records=1000000'],
  },
  {
    file: 'bench-ingest.mjs',
    what: 'a large file, and the memory it takes',
    quick: ['--file-records=500', '--record-bytes=100000'],
    usual: ['--file-records=3000', '--record-bytes=100000'],
    full: ['--file-records=50000', '--record-bytes=100000'],
  },
  {
    file: 'bench-gateway.mjs',
    what: 'the business API',
    quick: ['--seconds=5', '--lookup-seconds=2'],
    usual: ['--seconds=60', '--connectors=2', '--lookup-seconds=10'],
    full: ['--seconds=600', '--connectors=2', '--lookup-seconds=30'],
  },
  { file: 'bench-traces.mjs', what: 'what traces cost', quick: ['--rounds=1', '--seconds=2', '--warm=3'] },
];

const readLength = () => {
  try {
    const { values } = parseArgs({ options: { quick: { type: 'boolean' }, full: { type: 'boolean' } } });
    return LENGTHS.find((length) => values[length]) ?? 'usual';
  } catch (error) {
    throw new SetupError(
      `${error.message.split('. ')[0]}: npm run bench knows --quick and --full; bench:tmf, bench:ingest, bench:gateway and bench:traces know more.`,
    );
  }
};

let running;
let isStopped = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    isStopped = true;
    running?.kill(signal);
  });

const run = (file, args) =>
  new Promise((done, reject) => {
    running = spawn(process.execPath, [join(root, 'tools', file), ...args], { stdio: 'inherit' });
    running.once('error', reject);
    running.once('close', (code, signal) => done(signal === null ? code : 1));
  });

await runTool(async () => {
  const length = readLength();
  const failed = [];
  for (const { file, what, ...options } of BENCHES) {
    const start = performance.now();
    say(`\n== ${what}`);
    const code = await run(file, options[length] ?? []);
    if (code !== 0) failed.push(what);
    say(`== ${what}: ${code === 0 ? 'done' : 'FAILED'} after ${secondsSince(start)}`);
    if (isStopped) break;
  }
  if (failed.length > 0) say(`\nNot as it should be: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
});
