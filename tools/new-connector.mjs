// Makes the skeleton of a connector (docs/guides/add-a-connector.md): npm run new:connector -- acme-crm
import { newConnector } from './lib/new-connector.mjs';
import { root } from './lib/paths.mjs';
import { runTool, say } from './lib/say.mjs';

await runTool(async () => {
  const name = process.argv[2];
  for (const path of await newConnector(root, name)) say(`  ${path}`);
  say(
    `\nThe connector ${name} stands and passes its contract; docs/guides/add-a-connector.md goes on from here.`,
  );
});
