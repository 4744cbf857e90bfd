// npm run charts: puts each chart together with the charts it depends on, and packs them into dist/charts. Needs helm.
//
// With --into FOLDER the charts are put together there and not packed; that needs no helm. With --release VERSION they are
// of that version, and ask for its images.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { clusterPrograms } from './cluster/build.mjs';
import { assembleCharts } from './lib/assemble-charts.mjs';
import { lastLines, onPath } from './lib/exec.mjs';
import { root } from './lib/paths.mjs';
import { releaseOf } from './lib/release.mjs';
import { runTool, say, SetupError } from './lib/say.mjs';

const pack = async (release) => {
  const helm = onPath('helm') ?? (await clusterPrograms(process.env, { names: ['helm'] })).helm;
  const folder = mkdtempSync(join(tmpdir(), 'qb-charts-'));
  const target = join(root, 'dist/charts');
  try {
    assembleCharts(folder, release);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    for (const chart of readdirSync(folder).sort()) {
      const { status, stderr } = spawnSync(helm, ['package', join(folder, chart), '--destination', target], {
        encoding: 'utf8',
      });
      if (status !== 0) throw new SetupError(`helm package ${chart}: ${lastLines(stderr ?? '', 2)}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const packed = readdirSync(target);
  say(`${packed.length} charts in dist/charts:`);
  for (const file of packed) say(`  ${file}`);
};

await runTool(async () => {
  const { values } = parseArgs({ options: { into: { type: 'string' }, release: { type: 'string' } } });
  const release = releaseOf(values.release);
  if (values.into === undefined) await pack(release);
  else assembleCharts(resolve(values.into), release);
  return 0;
});
