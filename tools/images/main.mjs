// npm run images [-- APP …]: OCI images of the apps without a container engine, in dist/images (an image layout) with a
// bill of materials each. With --archive FILE the layout is also written as one archive, for `docker load` and others.
// With --stage FOLDER nothing is packed: what one app needs is put into the folder, as the Dockerfile wants it.
import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildAndTell } from '../lib/build.mjs';
import { ensureInstalled } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { runTool, say, secondsSince, SetupError } from '../lib/say.mjs';
import { appEntries, imageApps, sharedEntries } from './apps.mjs';
import { archiveLayout, imagesFolder } from './archive.mjs';
import { makeImages } from './images.mjs';
import { dependencyEntries, productionPackages, readLock } from './production.mjs';

const stage = (target, [app, ...others]) => {
  const apps = imageApps(root);
  if (!apps.includes(app) || others.length > 0) throw new SetupError(`Name one app of ${apps.join(', ')}.`);
  const packages = productionPackages(readLock(root));
  const entries = [...dependencyEntries(root, packages), ...sharedEntries(root), ...appEntries(root, app)];
  for (const { path, from } of entries) {
    const file = join(target, path);
    mkdirSync(dirname(file), { recursive: true });
    copyFileSync(from, file);
  }
  say(`${entries.length} files of ${app} are in ${target}`);
  return 0;
};

await runTool(async () => {
  const start = performance.now();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { archive: { type: 'string' }, stage: { type: 'string' } },
  });
  await ensureInstalled(root);
  buildAndTell(root);
  if (values.stage !== undefined) return stage(values.stage, positionals);
  const folder = imagesFolder;
  const images = await makeImages({
    base: root,
    folder,
    ...(positionals.length === 0 ? {} : { names: positionals }),
  });
  if (values.archive !== undefined) await archiveLayout(folder, values.archive);
  say(`${images.length} images in ${secondsSince(start)}: ${values.archive ?? folder}`);
  return 0;
});
