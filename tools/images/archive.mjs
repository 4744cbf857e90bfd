import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { buildAndTell } from '../lib/build.mjs';
import { ensureInstalled } from '../lib/install.mjs';
import { inTurn } from '../lib/lock.mjs';
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

/**
 * Makes images of this checkout in its layout, of all apps or those of `names`, and with `archive` writes that as one file.
 * One process at a time does so; another one waits for its turn. Gives the images as `makeImages` does.
 */
export const makeLayout = ({ archive, names, release = releaseOf() } = {}) =>
  inTurn(imagesFolder, async () => {
    const images = await makeImages({
      base: root,
      folder: imagesFolder,
      release,
      ...(names === undefined ? {} : { names }),
    });
    if (archive !== undefined) await archiveLayout(imagesFolder, archive);
    return images;
  });

/** Builds this checkout, makes the images of all its apps, and writes them as one archive. */
export const makeArchive = async (archive) => {
  await ensureInstalled(root);
  buildAndTell(root);
  await makeLayout({ archive });
};
