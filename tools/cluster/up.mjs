// npm run cluster:up: a Kubernetes API server to look at, without nodes; stays up until npm run cluster:down.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isRunning } from '../lib/child.mjs';
import { lastLines } from '../lib/exec.mjs';
import { dataDir, writableDir } from '../lib/paths.mjs';
import { runTool, say, secondsSince, SetupError } from '../lib/say.mjs';
import { clusterPrograms } from './build.mjs';

await runTool(async () => {
  if (process.env.KUBECONFIG) {
    say(`KUBECONFIG is set: the cluster of ${process.env.KUBECONFIG} is used, nothing was started.`);
    return 0;
  }
  const folder = writableDir(join(dataDir(), 'cluster'), 'QUOTEBRIDGE_DATA');
  const pidFile = `${folder}.pid`;
  const start = performance.now();
  await clusterPrograms();
  mkdirSync(folder, { recursive: true });
  const out = `${folder}.out`;
  writeFileSync(out, '');
  const serve = join(dirname(fileURLToPath(import.meta.url)), 'serve.mjs');
  const child = spawn(process.execPath, [serve, folder, '--stay'], {
    detached: true,
    stdio: ['ignore', openSync(out, 'a'), openSync(`${folder}.log`, 'w')],
  });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
  while (isRunning(child.pid)) {
    const [line] = readFileSync(out, 'utf8').split('\n');
    if (line !== '' && line !== undefined) {
      const { url, configFile } = JSON.parse(line);
      say(`The API server is up at ${url} after ${secondsSince(start)}. Use it with`);
      process.stdout.write(`export KUBECONFIG=${configFile}\n`);
      return 0;
    }
    await sleep(100);
  }
  throw new SetupError(
    `The API server did not come up: ${lastLines(readFileSync(`${folder}.log`, 'utf8'), 2)}`,
  );
});
