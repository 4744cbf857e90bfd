import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, runTool } from './tools';

/** What a checkout consists of, for the tools that build images and charts of it. */
const PARTS = [
  ...['apps', 'libs', 'tmf-specs', 'tools', 'charts', 'crds'],
  ...['package.json', 'package-lock.json', 'tsconfig.base.json'],
];
/** What another process that makes images just now has there, and takes away again. */
const IN_WORK = /dist\/images\/(half-\d+|lock[^/]*)$/;
/** The product catalog of that version. */
const MAIN = 'test/cluster/pods/next-product-catalog.ts';

const versionOf = (checkout: string): string =>
  (JSON.parse(readFileSync(path.join(checkout, 'package.json'), 'utf8')) as { version: string }).version;

/** The version of this checkout. */
export const VERSION = versionOf(ROOT);
/** The one that comes after it. */
export const NEXT_VERSION = VERSION.replace(/^(\d+)\.(\d+)\..*$/, (_, major: string, minor: string) =>
  [major, Number(minor) + 1, 0].join('.'),
);

/**
 * Makes a checkout of the next version in `folder`, which differs by one app, and builds its charts into `folder/charts` and
 * its images as an archive; gives the file. What was compiled and packed of this checkout is not done again.
 */
export const makeNextVersion = async (folder: string): Promise<string> => {
  const checkout = path.join(folder, 'checkout');
  mkdirSync(checkout, { recursive: true });
  for (const part of [...PARTS, 'dist'])
    if (existsSync(path.join(ROOT, part)))
      cpSync(path.join(ROOT, part), path.join(checkout, part), {
        recursive: true,
        preserveTimestamps: true,
        filter: (source) => !IN_WORK.test(source),
      });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(checkout, 'node_modules'));
  writeFileSync(
    path.join(checkout, 'apps/product-catalog/src/main.ts'),
    readFileSync(path.join(ROOT, MAIN), 'utf8'),
  );
  const archive = path.join(folder, 'images.tar');
  const release = ['--release', NEXT_VERSION];
  await runTool('tools/images/main.mjs', ['--archive', archive, ...release], { checkout });
  await runTool('tools/charts.mjs', ['--into', path.join(folder, 'charts'), ...release], { checkout });
  return archive;
};
