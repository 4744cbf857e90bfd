import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders = new Set();

/** A new folder for a test. It goes when the process of its spec file ends: only then has every server that may write in it ended, too. */
export const tempDir = () => {
  const folder = mkdtempSync(join(tmpdir(), 'quotebridge-'));
  if (folders.size === 0)
    process.once('exit', () => {
      for (const one of folders) rmSync(one, { recursive: true, force: true, maxRetries: 5 });
    });
  folders.add(folder);
  return folder;
};
