import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from './say.mjs';

/** The checkout. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Where data of `npm start` is kept; setting QUOTEBRIDGE_DATA, `.quotebridge` of the checkout unless given. */
export const dataDir = (env = process.env) => resolve(root, env.QUOTEBRIDGE_DATA || '.quotebridge');

/** Where fetched servers are kept for every checkout; setting QUOTEBRIDGE_CACHE. */
export const cacheDir = (env = process.env) =>
  resolve(root, env.QUOTEBRIDGE_CACHE || join(homedir(), '.cache', 'quotebridge'));

// Not `{ recursive: true }`: that never returns where the system says ENOENT for a folder whose parent exists.
const makeFolders = (folder) => {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (error.code === 'EEXIST') return;
    if (error.code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    makeFolders(dirname(folder));
    mkdirSync(folder);
  }
};

/** Makes a folder and proves that it can be written; `setting` is named when it cannot. */
export const writableDir = (folder, setting) => {
  try {
    makeFolders(folder);
    const probe = join(folder, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (error) {
    throw new SetupError(
      `The folder ${folder} cannot be written (${error.code}): make it writable, or name another one in ${setting}.`,
    );
  }
  return folder;
};
