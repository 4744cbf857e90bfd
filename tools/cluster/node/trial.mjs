import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtimeLayer } from '../../images/runtime.mjs';
import { SetupError } from '../../lib/say.mjs';
import { clusterPrograms } from '../build.mjs';
import { node as nodePrograms } from '../programs.mjs';
import { startNode } from './start-node.mjs';

/**
 * Fetches what a node and its images are made of, brings one up without our images, and ends it. Gives the reason as a
 * sentence when this machine does not let it come up; what is fetched stays in the cache.
 */
export const whyNoNodeComesUp = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qb-trial-'));
  try {
    await runtimeLayer();
    const files = await clusterPrograms(process.env, { names: nodePrograms });
    const cluster = await startNode({ folder: join(folder, 'node'), files, archives: [] });
    await cluster.stop();
    return undefined;
  } catch (error) {
    if (error instanceof SetupError) return `No node comes up here: ${error.message}`;
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
