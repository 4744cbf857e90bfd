import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from './paths.mjs';

const charts = join(root, 'charts');

const dependenciesOf = (chart) =>
  (parse(readFileSync(join(charts, chart, 'Chart.yaml'), 'utf8')).dependencies ?? []).map(({ repository }) =>
    basename(repository),
  );

/** What a chart says of itself, as that of a release: it, its app and the charts it depends on have the same version. */
export const releasedChart = (text, release) => {
  const { dependencies, appVersion, ...chart } = parse(text);
  return stringify({
    ...chart,
    version: release,
    ...(appVersion === undefined ? {} : { appVersion: release }),
    ...(dependencies === undefined
      ? {}
      : { dependencies: dependencies.map((one) => ({ ...one, version: release })) }),
  });
};

const copy = (chart, target, release) => {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(join(charts, chart))) {
    if (entry !== 'charts') cpSync(join(charts, chart, entry), join(target, entry), { recursive: true });
  }
  const about = join(target, 'Chart.yaml');
  writeFileSync(about, releasedChart(readFileSync(about, 'utf8'), release));
  for (const dependency of dependenciesOf(chart))
    copy(dependency, join(target, 'charts', dependency), release);
};

/**
 * Copies every chart into `folder`, with the charts that it depends on below it, as those of a release. helm does it for one level only, and
 * leaves packed copies between the sources.
 */
export const assembleCharts = (folder, release) => {
  for (const entry of readdirSync(charts, { withFileTypes: true })) {
    if (entry.isDirectory()) copy(entry.name, join(folder, entry.name), release);
  }
};
