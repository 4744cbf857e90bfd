// How large an image may be.
import { SetupError } from '../lib/say.mjs';

/** Bytes of all layers, unpacked. */
export const LIMIT = 250_000_000;

export const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Throws a sentence that names the images that are larger, and of what. */
export const refuseLarge = (images) => {
  const large = images.filter(({ unpacked }) => unpacked > LIMIT);
  if (large.length === 0) return;
  const told = large.map(({ name, unpacked, layers }) => {
    const parts = layers.map((layer) => `${layer.what} ${megabytes(layer.unpacked)}`);
    return `${name} has ${megabytes(unpacked)} (${parts.join(', ')})`;
  });
  throw new SetupError(`An image may have ${megabytes(LIMIT)}: ${told.join('; ')}. Leave something out.`);
};
