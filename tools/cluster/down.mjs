// npm run cluster:down: ends what npm run cluster:up has started and removes its files.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '../lib/child.mjs';
import { dataDir } from '../lib/paths.mjs';
import { runTool, say, SetupError } from '../lib/say.mjs';
import { removeGroups } from './node/cgroups.mjs';

const GONE_WITHIN = 60_000;

await runTool(async () => {
  const folder = join(dataDir(), 'cluster');
  const pidFile = `${folder}.pid`;
  if (!existsSync(pidFile)) {
    say('No cluster of this checkout is up.');
    return 0;
  }
  const pid = Number(readFileSync(pidFile, 'utf8'));
  const end = performance.now() + GONE_WITHIN;
  if (isRunning(pid)) process.kill(pid, 'SIGTERM');
  while (isRunning(pid)) {
    if (performance.now() > end) throw new SetupError(`The cluster (process ${pid}) does not end.`);
    await sleep(100);
  }
  // Of a node that was not stopped in order, processes may still be ending.
  await removeGroups();
  for (const path of [folder, pidFile, `${folder}.out`, `${folder}.log`, `${folder}.images.tar`])
    rmSync(path, { recursive: true, force: true });
  say('The cluster is down, its files are removed.');
  return 0;
});
