import { NODE_FLAGS } from '../../tools/images/apps.mjs';
import { nodeBinary, nodeRuntime } from '../../tools/images/runtime.mjs';
import { say, SetupError } from '../../tools/lib/say.mjs';

const find = async () => {
  try {
    if (process.platform === 'linux')
      return { file: await nodeBinary(), version: nodeRuntime.version, flags: NODE_FLAGS };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(`note: ${error.message}`);
  }
  say(`note: what is measured runs on Node.js ${process.versions.node}, and not on that of the images`);
  return { file: process.execPath, version: process.versions.node, flags: NODE_FLAGS };
};

let found;

/** The Node.js on which what is measured runs: that of the images with their flags, or the one at hand where it cannot be had. */
export const benchRuntime = () => (found ??= find());
