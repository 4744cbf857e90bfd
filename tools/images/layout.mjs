import { createHash } from 'node:crypto';
import {
  createWriteStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { tarOf, withFolders } from './tar.mjs';

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const CONFIG = 'application/vnd.oci.image.config.v1+json';
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip';
const EPOCH = '1970-01-01T00:00:00Z';
const ARCHITECTURES = { x64: 'amd64', arm64: 'arm64' };

/** This machine's processor as images name it. */
export const architecture = (arch = process.arch) => ARCHITECTURES[arch] ?? arch;

const blobs = (folder) => join(folder, 'blobs', 'sha256');

const halfIn = (folder) => join(folder, `half-${process.pid}`);

/** Writes a file of the layout; who reads meanwhile finds the old one or the new one, and never a part of it. */
export const putFile = (folder, path, bytes) => {
  const half = halfIn(folder);
  writeFileSync(half, bytes);
  renameSync(half, join(folder, path));
};

const putBlob = (folder, mediaType, bytes, more = {}) => {
  const hash = createHash('sha256').update(bytes).digest('hex');
  putFile(folder, `blobs/sha256/${hash}`, bytes);
  return { mediaType, digest: `sha256:${hash}`, size: bytes.length, ...more };
};

const putJson = (folder, mediaType, value, more) =>
  putBlob(folder, mediaType, Buffer.from(JSON.stringify(value)), more);

/** Begins an image layout (OCI image-spec, image-layout.md) in `folder`; what is there stays, but for what somebody was killed at. */
export const startLayout = (folder) => {
  mkdirSync(blobs(folder), { recursive: true });
  for (const name of readdirSync(folder)) if (name.startsWith('half-')) rmSync(join(folder, name));
  putFile(folder, 'oci-layout', '{"imageLayoutVersion":"1.0.0"}');
};

/** Writes entries (see tarOf) as a layer; gives its `descriptor`, the `diffId` of the archive and its size unpacked. */
export const putLayer = async (folder, entries) => {
  const plain = createHash('sha256');
  const packed = createHash('sha256');
  let unpacked = 0;
  let size = 0;
  const count = function* () {
    for (const part of tarOf(withFolders(entries))) {
      plain.update(part);
      unpacked += part.length;
      yield part;
    }
  };
  const half = halfIn(folder);
  await pipeline(
    Readable.from(count()),
    createGzip({ level: 6 }),
    async function* (source) {
      for await (const part of source) {
        packed.update(part);
        size += part.length;
        yield part;
      }
    },
    createWriteStream(half),
  );
  const hash = packed.digest('hex');
  renameSync(half, join(blobs(folder), hash));
  return {
    descriptor: { mediaType: LAYER, digest: `sha256:${hash}`, size },
    diffId: `sha256:${plain.digest('hex')}`,
    unpacked,
  };
};

/** Writes an image of layers with a run configuration; gives the descriptor for the index. `name` has its tag. */
export const putImage = (folder, { name, layers, config }) => {
  const image = {
    created: EPOCH,
    architecture: architecture(),
    os: 'linux',
    config,
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ what }) => ({ created: EPOCH, created_by: what })),
  };
  const manifest = {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: putJson(folder, CONFIG, image),
    layers: layers.map(({ descriptor }) => descriptor),
  };
  return putJson(folder, MANIFEST, manifest, {
    platform: { architecture: architecture(), os: 'linux' },
    annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': name },
  });
};

const readBlob = (folder, digest) =>
  JSON.parse(readFileSync(join(folder, 'blobs', digest.replace(':', '/'))));

/** Writes the index of the images and removes the blobs that none of them uses. */
export const finishLayout = (folder, manifests) => {
  const index = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests,
  };
  putFile(folder, 'index.json', JSON.stringify(index));
  const used = new Set(
    manifests.flatMap(({ digest }) => {
      const { config, layers } = readBlob(folder, digest);
      return [digest, config.digest, ...layers.map((layer) => layer.digest)];
    }),
  );
  for (const hash of readdirSync(blobs(folder))) {
    if (!used.has(`sha256:${hash}`)) rmSync(join(blobs(folder), hash));
  }
};

/** The files of a layout as entries of an archive, as `docker load`, `ctr images import` and skopeo take it. */
export const layoutEntries = (folder) => [
  ...['oci-layout', 'index.json'].map((path) => ({ path, type: 'file', from: join(folder, path) })),
  ...readdirSync(blobs(folder)).map((hash) => ({
    path: `blobs/sha256/${hash}`,
    type: 'file',
    from: join(blobs(folder), hash),
  })),
];
