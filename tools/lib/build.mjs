import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { say, SetupError } from './say.mjs';
import { filesBelow } from './sources.mjs';

const require = createRequire(import.meta.url);

const FOLDERS = ['apps', 'libs', 'tmf-specs'];
const MANIFEST = '.build.json';
const ASSETS = /\.(json|ya?ml|csv|html|css|svg|png)$/;
const NOT_NEEDED = /(^|\/)(project|tsconfig[^/]*)\.json$/;
const REQUIRE = /\brequire\("(@quotebridge\/[^"]+)"\)/g;

const kindOf = (path) => {
  if (/\.(spec|test)\.ts$|\.d\.ts$/.test(path)) return undefined;
  if (path.endsWith('.ts')) return 'code';
  return ASSETS.test(path) && !NOT_NEEDED.test(path) ? 'asset' : undefined;
};

const outputsOf = (path, kind) =>
  kind === 'code' ? [path.replace(/\.ts$/, '.js'), path.replace(/\.ts$/, '.js.map')] : [path];

const sha1 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha1')).digest('hex');

/**
 * Compiled code with every alias of the workspace made a relative path, so that it runs wherever `dist` is put.
 * `from` is the source's path in the checkout; throws for an alias that the tsconfig does not know.
 */
export const relativeRequires = (code, from, paths) =>
  code.replace(REQUIRE, (_, alias) => {
    const target = paths[alias]?.[0];
    if (target === undefined)
      throw new SetupError(`${from} imports ${alias}, which tsconfig.base.json does not know.`);
    const path = relative(dirname(from), target.replace(/\.ts$/, '')).replaceAll('\\', '/');
    return `require("${path.startsWith('.') ? path : `./${path}`}")`;
  });

const readManifest = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { tools: '', files: {} };
  }
};

const sameStat = (known, stat) => known?.size === stat.size && known.mtime === stat.mtimeMs;

/**
 * Compiles the code of a checkout into `dist` (same folders below it) and copies the files that code reads.
 * Only what changed is done again; what lost its source is removed. Gives `{ built, removed, total }`.
 */
export const build = ({ base, dist = join(base, 'dist') }) => {
  const { paths } = JSON.parse(readFileSync(join(base, 'tsconfig.base.json'), 'utf8')).compilerOptions;
  const swcOptions = require(join(base, 'tools/swc-options.cjs'));
  const tools = sha1(
    readFileSync(new URL(import.meta.url)),
    JSON.stringify([paths, swcOptions, process.version]),
  );
  const manifestFile = join(dist, MANIFEST);
  const old = readManifest(manifestFile);
  if (old.tools !== tools) rmSync(dist, { recursive: true, force: true });
  const known = old.tools === tools ? old.files : {};
  const files = {};
  let built = 0;
  // Loaded only when there is something to compile: it takes longer than finding out that there is nothing.
  let swc;
  const compile = (path, source) => {
    swc ??= require('@swc/core');
    const filename = join(base, path);
    const sourceFileName = relative(dirname(join(dist, path)), filename);
    const options = { ...swcOptions, filename, sourceFileName, swcrc: false, configFile: false };
    const { code, map } = swc.transformSync(source, options);
    writeFileSync(join(dist, path.replace(/\.ts$/, '.js.map')), map);
    const mapLine = `\n//# sourceMappingURL=${basename(path, '.ts')}.js.map\n`;
    writeFileSync(join(dist, path.replace(/\.ts$/, '.js')), relativeRequires(code, path, paths) + mapLine);
  };
  for (const path of filesBelow(FOLDERS, base)) {
    const kind = kindOf(path);
    if (kind === undefined) continue;
    const from = join(base, path);
    const stat = statSync(from);
    const entry = { size: stat.size, mtime: stat.mtimeMs };
    const done = outputsOf(path, kind).every((output) => existsSync(join(dist, output)));
    if (done && sameStat(known[path], stat)) {
      files[path] = known[path];
      continue;
    }
    const source = readFileSync(from);
    files[path] = { ...entry, hash: sha1(source) };
    if (done && known[path]?.hash === files[path].hash) continue;
    mkdirSync(dirname(join(dist, path)), { recursive: true });
    if (kind === 'code') compile(path, source.toString('utf8'));
    else copyFileSync(from, join(dist, path));
    built += 1;
  }
  const gone = Object.keys(known).filter((path) => files[path] === undefined);
  for (const path of gone) {
    for (const output of outputsOf(path, kindOf(path) ?? 'asset'))
      rmSync(join(dist, output), { force: true });
  }
  mkdirSync(dist, { recursive: true });
  writeFileSync(manifestFile, JSON.stringify({ tools, files }));
  return { built, removed: gone.length, total: Object.keys(files).length };
};

/** {@link build}, with what it did told in one line. */
export const buildAndTell = (base) => {
  const start = performance.now();
  const { built, removed, total } = build({ base });
  const took = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  const gone = removed === 0 ? '' : `, removed ${removed}`;
  say(
    built + removed === 0
      ? `Build: up to date (${total} files)`
      : `Build: ${built} of ${total} files${gone}, ${took}`,
  );
};
