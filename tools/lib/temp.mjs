import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder for one test (of node:test), removed after it. */
export const tempDir = (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'quotebridge-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};
