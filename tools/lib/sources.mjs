import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './paths.mjs';

const SKIPPED = new Set(['node_modules', 'dist', '.nx', 'coverage']);

/** All files below folders of the checkout, as paths relative to it with `/`, in a fixed order. */
export const filesBelow = (folders, base = root) => {
  const found = [];
  const walk = (folder) => {
    let entries;
    try {
      entries = readdirSync(join(base, folder), { withFileTypes: true });
    } catch (error) {
      if (error.code === 'ENOENT') return;
      throw error;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) walk(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  folders.forEach(walk);
  return found;
};
