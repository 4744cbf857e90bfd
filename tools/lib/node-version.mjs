import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { SetupError } from './say.mjs';
import { atLeast, versionIn } from './versions.mjs';

/** Refuses a Node.js that is older than package.json says. */
export const checkNode = (version = process.versions.node) => {
  const { engines } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const least = versionIn(engines.node);
  if (!atLeast(version, least)) {
    throw new SetupError(`Node.js ${least} or later is needed, this is ${version}: install a newer one.`);
  }
};
