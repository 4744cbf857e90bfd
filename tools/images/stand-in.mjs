import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { onPath } from '../lib/exec.mjs';
import { runtimeLayer } from './runtime.mjs';
import { tarOf, withFolders } from './tar.mjs';

// What `npm ci` would fetch is put where it would put it; another command is none that the Dockerfile should have.
const NPM = '#!/bin/sh\n[ "$1" = ci ] || { echo "npm $*: only npm ci is known here" >&2; exit 1; }\n';

const entries = async () => [
  ...(await runtimeLayer()).entries,
  { path: 'usr/bin/sh', type: 'file', from: onPath('dash') ?? onPath('sh'), mode: 0o755 },
  { path: 'usr/bin/npm', type: 'file', content: NPM, mode: 0o755 },
];

/** Makes an image that stands in for a base image with Node.js, in the store of `builder`: that runtime of our images, and a shell. */
export const makeStandIn = async (builder, folder, name) => {
  const archive = join(folder, 'stand-in.tar');
  await pipeline(Readable.from(tarOf(withFolders(await entries()))), createWriteStream(archive));
  const container = await builder.run('from', 'scratch');
  await builder.run('add', '--quiet', container, archive, '/');
  await builder.run('config', '--env', 'PATH=/usr/local/bin:/usr/bin:/bin', container);
  await builder.run('commit', ...builder.policy, '--quiet', '--rm', container, name);
};
