// Refuses a package-lock.json with which `npm ci` would fail elsewhere (npm run check:lock).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { missingVariants } from './lib/lock-file.mjs';
import { root } from './lib/paths.mjs';
import { runTool, say } from './lib/say.mjs';

await runTool(() => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const missing = Object.keys(missingVariants(packages));
  if (missing.length === 0) return 0;
  say(`package-lock.json lacks ${missing.length} platform packages, such as ${missing[0]}:`);
  say('run `node tools/complete-lock.mjs` and commit what it writes.');
  return 1;
});
