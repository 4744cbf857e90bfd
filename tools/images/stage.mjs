// What the Dockerfile copies: the same files as the images that are made without an engine, as folders.
import { chmodSync, copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SetupError } from '../lib/say.mjs';
import { appEntries, releaseEntry, sharedEntries, starterEntry } from './apps.mjs';
import { dependencyEntries, productionPackages, readLock } from './production.mjs';
import { runningNode } from './runtime.mjs';

const put = (target, { path, type, from, content, mode, target: pointsTo }) => {
  const file = join(target, path);
  mkdirSync(type === 'folder' ? file : dirname(file), { recursive: true });
  if (type === 'link') return symlinkSync(pointsTo, file);
  if (type === 'file') from === undefined ? writeFileSync(file, content) : copyFileSync(from, file);
  chmodSync(file, mode ?? (type === 'file' ? 0o644 : 0o755));
};

/** What an app's image of the Dockerfile holds below `/`, apart from Node.js: `shared` with the other apps, and its `own`. */
export const stagedEntries = (base, app, release) => ({
  shared: [...dependencyEntries(base, productionPackages(readLock(base))), ...sharedEntries(base)],
  own: [releaseEntry(release), starterEntry(app), ...appEntries(base, app)],
});

/** Puts them, with the Node.js that runs this, into the folders `shared` and `own` of `target`; gives how many files there are. */
export const stage = (target, base, app, release) => {
  const { shared, own } = stagedEntries(base, app, release);
  const folders = { shared: [...runningNode(), ...shared], own };
  for (const [name, entries] of Object.entries(folders)) {
    if (existsSync(join(target, name)))
      throw new SetupError(`${join(target, name)} is there already: name a new folder.`);
    for (const entry of entries) put(join(target, name), entry);
  }
  return folders.shared.length + own.length;
};
