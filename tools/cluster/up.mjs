// npm run cluster:up [-- --node]: a Kubernetes cluster to look at; stays up until npm run cluster:down. With --node pods
// run on it, and the images of this checkout are there; without it is an API server only, and starts sooner.
import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { isRunning } from '../lib/child.mjs';
import { lastLines } from '../lib/exec.mjs';
import { dataDir, writableDir } from '../lib/paths.mjs';
import { runTool, say, secondsSince, SetupError } from '../lib/say.mjs';
import { makeArchive } from '../images/archive.mjs';
import { clusterPrograms } from './build.mjs';
import { whyNoNode } from './node/possible.mjs';
import { node as nodePrograms } from './programs.mjs';

const prepareNode = async (archive) => {
  const why = await whyNoNode();
  if (why !== undefined) {
    throw new SetupError(
      `No node can run pods here: ${why}. Leave --node out for an API server without nodes, or set KUBECONFIG to use a cluster that exists.`,
    );
  }
  await clusterPrograms(process.env, { names: nodePrograms });
  await makeArchive(archive);
  return ['--node', '--import', archive];
};

await runTool(async () => {
  const { values } = parseArgs({ options: { node: { type: 'boolean' } } });
  if (process.env.KUBECONFIG) {
    say(`KUBECONFIG is set: the cluster of ${process.env.KUBECONFIG} is used, nothing was started.`);
    return 0;
  }
  const folder = writableDir(join(dataDir(), 'cluster'), 'QUOTEBRIDGE_DATA');
  const pidFile = `${folder}.pid`;
  const archive = `${folder}.images.tar`;
  const start = performance.now();
  const options = values.node ? await prepareNode(archive) : (await clusterPrograms(), []);
  mkdirSync(folder, { recursive: true });
  const out = `${folder}.out`;
  const log = `${folder}.log`;
  writeFileSync(out, '');
  const serve = join(dirname(fileURLToPath(import.meta.url)), 'serve.mjs');
  const child = spawn(process.execPath, [serve, folder, '--stay', ...options], {
    detached: true,
    stdio: ['ignore', openSync(out, 'a'), openSync(log, 'w')],
  });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
  let told = 0;
  const tellNews = () => {
    const text = readFileSync(log, 'utf8');
    process.stderr.write(text.slice(told));
    told = text.length;
  };
  while (isRunning(child.pid)) {
    tellNews();
    const [line] = readFileSync(out, 'utf8').split('\n');
    if (line !== '' && line !== undefined) {
      const { url, configFile } = JSON.parse(line);
      rmSync(archive, { force: true });
      say(`The API server is up at ${url} after ${secondsSince(start)}. Use it with`);
      process.stdout.write(`export KUBECONFIG=${configFile}\n`);
      return 0;
    }
    await sleep(100);
  }
  throw new SetupError(`The cluster did not come up: ${lastLines(readFileSync(log, 'utf8'), 2)}`);
});
