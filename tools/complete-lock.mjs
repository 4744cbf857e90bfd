// node tools/complete-lock.mjs: adds to package-lock.json the platform variants of native packages that the package
// index did not serve when the lock file was written (a mirror may hold those of one platform only). Without them
// `npm ci` takes the lock file for damaged. A completed entry has a version but no integrity hash.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingVariants } from './lib/lock-file.mjs';
import { root } from './lib/paths.mjs';
import { runTool, say } from './lib/say.mjs';

await runTool(() => {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingVariants(lock.packages);
  const packages = { ...lock.packages, ...missing };
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
  writeFileSync(file, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
  say(`package-lock.json: ${Object.keys(missing).length} platform packages added`);
});
