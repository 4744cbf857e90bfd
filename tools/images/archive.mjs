import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buildAndTell } from '../lib/build.mjs';
import { ensureInstalled } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { releaseOf } from '../lib/release.mjs';
import { makeImages } from './images.mjs';
import { layoutEntries } from './layout.mjs';
import { tarOf, withFolders } from './tar.mjs';

/** Where the image layout of this checkout is. */
export const imagesFolder = join(root, 'dist/images');

/** Writes a layout as one archive. */
export const archiveLayout = (folder, file) =>
  pipeline(Readable.from(tarOf(withFolders(layoutEntries(folder)))), createWriteStream(file));

/** Builds this checkout, makes the images of all its apps, and writes them as one archive. */
export const makeArchive = async (file) => {
  await ensureInstalled(root);
  buildAndTell(root);
  await makeImages({ base: root, folder: imagesFolder, release: releaseOf() });
  await archiveLayout(imagesFolder, file);
};
