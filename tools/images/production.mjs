import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Nobody needs a compiled add-on: they are faster ways of what the package also does without, made for one Node.js.
const ADD_ONS = new Set(['cpu-features', 'nan', 'buildcheck', 'asn1-build']);
const TYPES_ONLY = /(^|\/)node_modules\/@types\//;
const LICENCE = /^(licen[cs]e|notice|copying|third)/i;
const NOT_RUN =
  /\.(map|ts|mts|cts|md|markdown|flow|coffee|node|tsbuildinfo|c|cc|cpp|h|hh|gyp|o|a)$|^\.|^(yarn\.lock|Makefile)$/i;
const FOLDERS_NOT_RUN = new Set([
  ...['test', 'tests', '__tests__', 'example', 'examples', 'benchmark', 'benchmarks', 'coverage'],
  ...['docs', 'fuzz', 'tap-snapshots', 'CHANGELOG', '.github', '.nyc_output'],
]);
// Second copies for bundlers: CommonJS code never loads them.
const COPIES = [/^(build\/)?(esm|esnext|esm5|_esm)$/, /^dist\/(esm|esm5|bundles|types)$/];
const COPIES_OF = /^node_modules\/(rxjs|@opentelemetry\/)/;

/** Packages of a lock file that production needs, as `{ path, name, version, integrity, license }`, in its order. */
export const productionPackages = (lock) =>
  Object.entries(lock.packages)
    .filter(([path, { dev, devOptional, link }]) => path !== '' && !dev && !devOptional && !link)
    .map(([path, entry]) => ({
      path,
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version: entry.version,
      integrity: entry.integrity,
      license: entry.license,
    }))
    .filter(({ path, name }) => !ADD_ONS.has(name) && !TYPES_ONLY.test(path));

const isCopy = (packagePath, below) =>
  COPIES_OF.test(packagePath) && COPIES.some((pattern) => pattern.test(below));

/** Whether a file of a package, as a path below it, is run or must go with it (its licence). */
export const isNeeded = (packagePath, below) => {
  const parts = below.split('/');
  const file = parts.at(-1);
  if (LICENCE.test(file)) return true;
  if (NOT_RUN.test(file)) return false;
  if (parts.length > 1 && FOLDERS_NOT_RUN.has(parts[0])) return false;
  return !parts.some((_, i) => i > 0 && isCopy(packagePath, parts.slice(0, i).join('/')));
};

const filesOf = (folder, below = '') =>
  readdirSync(join(folder, below), { withFileTypes: true }).flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesOf(folder, path);
    return entry.isFile() ? [path] : [];
  });

/** The production dependencies that are installed in `base`, pruned, as entries of a layer below `app/`. */
export const dependencyEntries = (base, packages) =>
  packages
    .filter(({ path }) => existsSync(join(base, path)))
    .flatMap(({ path }) =>
      filesOf(join(base, path))
        .filter((below) => isNeeded(path, below))
        .map((below) => ({
          path: `app/${path}/${below}`,
          type: 'file',
          from: join(base, path, below),
        })),
    );

/** The lock file of a checkout. */
export const readLock = (base) => JSON.parse(readFileSync(join(base, 'package-lock.json'), 'utf8'));
