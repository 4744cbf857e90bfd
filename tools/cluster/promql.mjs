// What Prometheus says of expressions: a JSON list of them on standard input, one of faults on standard output. Built once
// with Go:  node tools/cluster/promql.mjs
import { spawnSync } from 'node:child_process';
import { runTool } from '../lib/say.mjs';
import { clusterPrograms } from './build.mjs';

await runTool(async () => {
  const { promql } = await clusterPrograms(process.env, { names: ['promql'] });
  return spawnSync(promql, { stdio: 'inherit' }).status ?? 1;
});
