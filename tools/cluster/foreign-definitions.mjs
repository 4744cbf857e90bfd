// Definitions of kinds that a bare API server does not have and our charts make objects of, as their projects publish
// them: files of their Go modules, whose checksums stand in modules/definitions/go.sum.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exec, lastLines, onPath } from '../lib/exec.mjs';
import { cacheDir, writableDir } from '../lib/paths.mjs';
import { SetupError } from '../lib/say.mjs';
import { modules, versionOf } from './programs.mjs';

const MODULE = 'definitions';
const DOWNLOAD_WITHIN = 5 * 60_000;

const MONITORING = 'example/prometheus-operator-crd/monitoring.coreos.com';
/** Go module → its files that are wanted. */
const FILES = {
  'github.com/cert-manager/cert-manager': ['deploy/crds/cert-manager.io_certificates.yaml'],
  'github.com/prometheus-operator/prometheus-operator': [
    `${MONITORING}_podmonitors.yaml`,
    `${MONITORING}_prometheusrules.yaml`,
    `${MONITORING}_servicemonitors.yaml`,
  ],
};

/** Folders of the modules as `go mod download` names them, one JSON object after the other. */
const foldersIn = (text) =>
  Object.fromEntries(
    text
      .split(/^(?=\{)/m)
      .filter((one) => one.trim() !== '')
      .map((one) => JSON.parse(one))
      .map(({ Path, Dir }) => [Path, Dir]),
  );

const download = async (env) => {
  if (onPath('go', env) === undefined)
    throw new SetupError('Definitions of foreign kinds come with Go, and there is no go command on PATH.');
  const wanted = Object.keys(FILES).map((path) => `${path}@v${versionOf(MODULE, path)}`);
  const { code, stdout, stderr } = await exec('go', ['mod', 'download', '-json', ...wanted], {
    cwd: join(modules, MODULE),
    env: { ...env, GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    timeout: DOWNLOAD_WITHIN,
  });
  if (code !== 0)
    throw new SetupError(
      `Definitions of foreign kinds could not be fetched: ${lastLines(`${stdout}${stderr}`, 3)}`,
    );
  return foldersIn(stdout);
};

const digestOf = () =>
  createHash('sha256')
    .update(readFileSync(join(modules, MODULE, 'go.sum')))
    .update(JSON.stringify(FILES))
    .digest('hex')
    .slice(0, 8);

/** Their files, from the cache (setting QUOTEBRIDGE_CACHE) or fetched. Throws a SetupError with one sentence when that cannot be. */
export const foreignDefinitions = async (env = process.env) => {
  const cache = join(cacheDir(env), 'cluster');
  const folder = join(cache, `definitions-${digestOf()}`);
  if (!existsSync(folder)) {
    writableDir(cache, 'QUOTEBRIDGE_CACHE');
    const folders = await download(env);
    const half = mkdtempSync(`${folder}.`);
    for (const [path, files] of Object.entries(FILES))
      for (const file of files) copyFileSync(join(folders[path], file), join(half, basename(file)));
    try {
      renameSync(half, folder);
    } catch (error) {
      // Somebody else was faster, and made the same.
      rmSync(half, { recursive: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return Object.values(FILES)
    .flat()
    .map((file) => join(folder, basename(file)));
};
