import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SetupError } from '../lib/say.mjs';
import { makeBuilder } from './builder.mjs';
import { runtimeLayer } from './runtime.mjs';

/** Fetches what builds the Dockerfile, and makes and runs an empty container with it: why that is not possible here, as a sentence, or undefined. */
export const whyNoBuilder = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qb-trial-'));
  try {
    await runtimeLayer();
    const builder = await makeBuilder(folder);
    await builder.run('rm', await builder.run('from', 'scratch'));
    return undefined;
  } catch (error) {
    if (error instanceof SetupError)
      return `No container engine can build the Dockerfile here: ${error.message}.`;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
};
