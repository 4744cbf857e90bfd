import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { say, SetupError } from '../lib/say.mjs';
import { appEntries, configOf, imageApps, releaseEntry, sharedEntries } from './apps.mjs';
import { finishLayout, putFile, putImage, putLayer, startLayout } from './layout.mjs';
import { dependencyEntries, productionPackages, readLock } from './production.mjs';
import { imageUser, nodeRuntime, runtimeLayer } from './runtime.mjs';
import { sbomOf } from './sbom.mjs';
import { megabytes, refuseLarge } from './size-limit.mjs';

const readKnown = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {});

// Layers that seldom change are known by what they are made from: packing them takes most of the time.
const layerStore = (folder) => {
  const file = join(folder, 'layers.json');
  const known = readKnown(file);
  const hasBlob = ({ descriptor }) => existsSync(join(folder, 'blobs', descriptor.digest.replace(':', '/')));
  const used = {};
  return {
    layer: async (what, inputs, entries) => {
      const text = JSON.stringify([what, inputs, entries.map(({ path, mode }) => [path, mode])]);
      const key = createHash('sha256').update(text).digest('hex');
      const found = known[key];
      const made = found !== undefined && hasBlob(found) ? found : await putLayer(folder, entries);
      used[key] = made;
      return { ...made, what };
    },
    save: () => putFile(folder, 'layers.json', JSON.stringify(used)),
  };
};

/**
 * Makes an OCI image of each app (those named, or all) from the compiled code in `base` as one image layout in
 * `folder`, with a bill of materials beside it, of the version `release`. Images share the layers of Node.js, the
 * dependencies and the libs, those of two releases as far as these have not changed.
 * Gives `{ app, name, digest, unpacked, packed }` of each.
 */
export const makeImages = async ({ base, folder, names, release: version }) => {
  const all = imageApps(base);
  const unknown = (names ?? []).filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new SetupError(`No app is called ${unknown.join(', ')}; there are ${all.join(', ')}.`);
  const runtime = await runtimeLayer();
  const packages = productionPackages(readLock(base));
  startLayout(folder);
  mkdirSync(join(folder, 'sbom'), { recursive: true });
  const store = layerStore(folder);
  const shared = [
    await store.layer('Node.js and the C library', [nodeRuntime.version, runtime.versions], runtime.entries),
    await store.layer(
      'production dependencies',
      packages.map(({ path, integrity }) => [path, integrity]),
      dependencyEntries(base, packages),
    ),
    { ...(await putLayer(folder, sharedEntries(base))), what: 'libraries of QuoteBridge' },
  ];
  const images = [];
  for (const app of names ?? all) {
    const own = {
      ...(await putLayer(folder, [releaseEntry(version), ...appEntries(base, app)])),
      what: `quotebridge ${app}`,
    };
    const layers = [...shared, own];
    const name = `quotebridge/${app}`;
    const descriptor = putImage(folder, {
      name: `docker.io/${name}:${version}`,
      layers,
      config: configOf(app, { user: imageUser, version }),
    });
    const sbom = sbomOf({
      image: { name, version, digest: descriptor.digest },
      node: {
        version: nodeRuntime.version,
        arch: process.arch,
        integrity: nodeRuntime.integrity[process.arch],
      },
      debian: runtime.versions,
      packages,
    });
    putFile(folder, `sbom/${app}.cdx.json`, `${JSON.stringify(sbom, null, 1)}\n`);
    const total = (size) => layers.reduce((sum, layer) => sum + size(layer), 0);
    images.push({
      app,
      name: `${name}:${version}`,
      descriptor,
      layers,
      unpacked: total((layer) => layer.unpacked),
      packed: total((layer) => layer.descriptor.size),
    });
  }
  finishLayout(
    folder,
    images.map(({ descriptor }) => descriptor),
  );
  store.save();
  for (const [i, layer] of shared.entries()) {
    say(
      `  layer ${i + 1} of all: ${layer.what}, ${megabytes(layer.unpacked)} (${megabytes(layer.descriptor.size)} packed)`,
    );
  }
  for (const { name, unpacked, packed, layers } of images) {
    say(
      `  ${name.padEnd(36)} ${megabytes(unpacked)} (${megabytes(packed)} packed), ${megabytes(layers.at(-1).unpacked)} its own`,
    );
  }
  refuseLarge(images);
  return images;
};
