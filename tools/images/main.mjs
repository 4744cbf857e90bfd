// npm run images [-- APP …]: OCI images of the apps without a container engine, in dist/images (an image layout) with a
// bill of materials each. With --archive FILE the layout is also written as one archive, for `docker load` and others.
// With --stage FOLDER nothing is packed: what the image of one app holds is put into the folder, as the Dockerfile wants it.
// With --release VERSION they are of that version, a release candidate for example, and not of the one in package.json.
import { parseArgs } from 'node:util';
import { buildAndTell } from '../lib/build.mjs';
import { ensureInstalled } from '../lib/install.mjs';
import { root } from '../lib/paths.mjs';
import { releaseOf } from '../lib/release.mjs';
import { runTool, say, secondsSince, SetupError } from '../lib/say.mjs';
import { imageApps } from './apps.mjs';
import { imagesFolder, makeLayout } from './archive.mjs';
import { stage } from './stage.mjs';

const stageOne = (target, [app, ...others], release) => {
  const apps = imageApps(root);
  if (!apps.includes(app) || others.length > 0) throw new SetupError(`Name one app of ${apps.join(', ')}.`);
  say(`${stage(target, root, app, release)} files of ${app} are in ${target}`);
  return 0;
};

await runTool(async () => {
  const start = performance.now();
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { archive: { type: 'string' }, stage: { type: 'string' }, release: { type: 'string' } },
  });
  const release = releaseOf(values.release);
  await ensureInstalled(root);
  buildAndTell(root);
  if (values.stage !== undefined) return stageOne(values.stage, positionals, release);
  const images = await makeLayout({
    release,
    ...(values.archive === undefined ? {} : { archive: values.archive }),
    ...(positionals.length === 0 ? {} : { names: positionals }),
  });
  say(`${images.length} images in ${secondsSince(start)}: ${values.archive ?? imagesFolder}`);
  return 0;
});
