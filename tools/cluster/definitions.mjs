// Prints where the definitions of foreign kinds lie, as JSON; they are fetched when they are not there yet.
import { runTool } from '../lib/say.mjs';
import { foreignDefinitions } from './foreign-definitions.mjs';

await runTool(async () => {
  process.stdout.write(`${JSON.stringify(await foreignDefinitions())}\n`);
  return 0;
});
