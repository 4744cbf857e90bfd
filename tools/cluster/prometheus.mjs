// What Prometheus says of expressions, and which alerts fire on series that are given: a JSON list of cases on standard input,
// one of answers on standard output (modules/prometheus). Built once with Go:  node tools/cluster/prometheus.mjs
import { spawnSync } from 'node:child_process';
import { runTool } from '../lib/say.mjs';
import { clusterPrograms } from './build.mjs';

await runTool(async () => {
  const { prometheus } = await clusterPrograms(process.env, { names: ['prometheus'] });
  return spawnSync(prometheus, { stdio: 'inherit' }).status ?? 1;
});
