import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';
import { SetupError } from './say.mjs';

// A version by semver.org that is also a tag of an image: no build metadata, for tags have no `+`.
const VERSION = /^(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/;

/** The version that images and charts get: the one that is asked for (`--release`), or that of the checkout. */
export const releaseOf = (asked, base = root) => {
  if (asked === undefined) return JSON.parse(readFileSync(join(base, 'package.json'), 'utf8')).version;
  if (!VERSION.test(asked))
    throw new SetupError(`"${asked}" is no version for a release; one is 1.2.3 or 1.2.3-rc.1.`);
  return asked;
};
