// npm start: prepares everything and runs the standalone app.
//
//   npm start                 all components and sandboxes, the main job once, then stays up
//   npm start -- --once       the same, but ends with exit code 0 after the main job, or not 0 with the reason
//   npm start -- --no-demo    brings everything up and does not run the main job
//
// Settings: MONGODB_URI, NATS_URL (servers of your own), QUOTEBRIDGE_MONGODB_PORT, QUOTEBRIDGE_NATS_PORT (ports of
// the servers that are started here; free ones unless given), QUOTEBRIDGE_DATA (data folder, `.quotebridge`),
// QUOTEBRIDGE_CACHE (fetched servers, `~/.cache/quotebridge`).
//
// The contract with dist/apps/standalone/src/main.js, a child process in the checkout's folder:
//   - the environment has MONGODB_URI, NATS_URL and QUOTEBRIDGE_DATA (an absolute path, exists, writable, locked
//     for this run) besides all that this process got;
//   - the arguments are those of `npm start --`;
//   - SIGINT, SIGTERM and SIGHUP are passed on: it drains and ends; MongoDB and NATS are stopped after it;
//   - it gets a SIGTERM, too, when this process is killed;
//   - its exit code becomes the exit code of this process.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ensureInstalled } from './lib/install.mjs';
import { lockFolder } from './lib/lock.mjs';
import { checkNode } from './lib/node-version.mjs';
import { dataDir, root, writableDir } from './lib/paths.mjs';
import { runTool, say, SetupError } from './lib/say.mjs';
import { startServices } from './lib/services.mjs';

const APP = 'dist/apps/standalone/src/main.js';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const REPEAT_WITHIN = 500;
/** Exit codes of a process that a signal ended, as shells count them. */
const SIGNAL_CODE = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };

const readArguments = () => {
  try {
    parseArgs({ options: { once: { type: 'boolean' }, 'no-demo': { type: 'boolean' } } });
  } catch (error) {
    throw new SetupError(`${error.message.split('. ')[0]}: npm start knows --once and --no-demo.`);
  }
};

/**
 * Notes a signal from the beginning, so that one that comes while servers start is not lost. Ctrl-C under npm comes
 * twice, from the terminal and from npm: a repeat so soon is not passed on, the app would take it for impatience.
 */
const listen = () => {
  const state = { got: undefined, pass: () => undefined };
  let last = -REPEAT_WITHIN;
  for (const signal of SIGNALS) {
    process.on(signal, () => {
      state.got ??= signal;
      const now = performance.now();
      if (now - last >= REPEAT_WITHIN) state.pass(signal);
      last = now;
    });
  }
  return state;
};

const runApp = (services, folder, signals) =>
  new Promise((done, fail) => {
    const env = {
      ...process.env,
      MONGODB_URI: services.mongodbUri,
      NATS_URL: services.natsUrl,
      QUOTEBRIDGE_DATA: folder,
    };
    const preload = pathToFileURL(join(root, 'tools/lib/end-with-parent.mjs')).href;
    const args = ['--enable-source-maps', '--import', preload, join(root, APP), ...process.argv.slice(2)];
    // Detached from the terminal's group: Ctrl-C reaches it once, by way of this process.
    const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
    const app = spawn(process.execPath, args, { cwd: root, env, stdio, detached: true });
    signals.pass = (signal) => app.kill(signal);
    process.on('exit', () => app.kill('SIGKILL'));
    let lost = false;
    services.ended.then((name) => {
      lost = true;
      say(`\nquotebridge: ${name} ended by itself; its log is in ${folder}.`);
      app.kill('SIGTERM');
    });
    app.on('error', fail);
    app.on('close', (code, signal) => done(lost ? 1 : (code ?? SIGNAL_CODE[signal] ?? 1)));
  });

await runTool(async () => {
  checkNode();
  readArguments();
  const signals = listen();
  const folder = writableDir(dataDir(), 'QUOTEBRIDGE_DATA');
  const unlock = lockFolder(folder, 'stop that one first, or name another folder in QUOTEBRIDGE_DATA');
  try {
    await ensureInstalled(root);
    const { buildAndTell } = await import('./lib/build.mjs');
    buildAndTell(root);
    if (!existsSync(join(root, APP)))
      throw new SetupError(`There is no ${APP}: the build has no standalone app.`);
    if (signals.got !== undefined) return SIGNAL_CODE[signals.got];
    const services = await startServices(folder);
    try {
      return signals.got === undefined ? await runApp(services, folder, signals) : SIGNAL_CODE[signals.got];
    } finally {
      await services.stop();
    }
  } finally {
    unlock();
  }
});
