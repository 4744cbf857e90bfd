import { cpSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { root } from './paths.mjs';

const charts = join(root, 'charts');

const dependenciesOf = (chart) =>
  (parse(readFileSync(join(charts, chart, 'Chart.yaml'), 'utf8')).dependencies ?? []).map(({ repository }) =>
    basename(repository),
  );

const copy = (chart, target) => {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(join(charts, chart))) {
    if (entry !== 'charts') cpSync(join(charts, chart, entry), join(target, entry), { recursive: true });
  }
  for (const dependency of dependenciesOf(chart)) copy(dependency, join(target, 'charts', dependency));
};

/**
 * Copies every chart into `folder`, with the charts that it depends on below it. helm does it for one level only, and
 * leaves packed copies between the sources.
 */
export const assembleCharts = (folder) => {
  for (const entry of readdirSync(charts, { withFileTypes: true })) {
    if (entry.isDirectory()) copy(entry.name, join(folder, entry.name));
  }
};
