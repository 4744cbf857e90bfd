// helm of the version that the charts are tested with, built once with Go:  node tools/cluster/helm.mjs ARGUMENTS
import { spawnSync } from 'node:child_process';
import { runTool } from '../lib/say.mjs';
import { clusterPrograms } from './build.mjs';

await runTool(async () => {
  const { helm } = await clusterPrograms(process.env, { names: ['helm'] });
  return spawnSync(helm, process.argv.slice(2), { stdio: 'inherit' }).status ?? 1;
});
