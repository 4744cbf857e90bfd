// Which alerts fire on series that are given: a JSON list of cases on standard input, one of answers on standard output
// (modules/alerts). Built once with Go:  node tools/cluster/alerts.mjs
import { spawnSync } from 'node:child_process';
import { runTool } from '../lib/say.mjs';
import { clusterPrograms } from './build.mjs';

await runTool(async () => {
  const { alerts } = await clusterPrograms(process.env, { names: ['alerts'] });
  return spawnSync(alerts, { stdio: 'inherit' }).status ?? 1;
});
