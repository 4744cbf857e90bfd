// Compiles apps, libs and tmf-specs to dist/ (npm run build); entry of an app: dist/apps/<app>/src/main.js.
import { buildAndTell } from './lib/build.mjs';
import { root } from './lib/paths.mjs';
import { runTool } from './lib/say.mjs';

await runTool(() => buildAndTell(root));
