// Refuses files that import one another in a circle (npm run check:circular). Imports of types alone do not count:
// nothing of them is left when the code runs.
import { join } from 'node:path';
import madge from 'madge';
import { root } from './lib/paths.mjs';
import { runTool, say } from './lib/say.mjs';

await runTool(async () => {
  const tree = await madge(
    ['apps', 'libs', 'tmf-specs', 'test'].map((folder) => join(root, folder)),
    {
      baseDir: root,
      tsConfig: join(root, 'tsconfig.base.json'),
      fileExtensions: ['ts'],
      excludeRegExp: [/node_modules/, /(^|\/)dist\//],
      detectiveOptions: { ts: { skipTypeImports: true } },
    },
  );
  const circles = tree.circular();
  for (const circle of circles) say(`circular import: ${[...circle, circle[0]].join(' → ')}`);
  say(`${Object.keys(tree.obj()).length} files, ${circles.length} circular imports`);
  return circles.length === 0 ? 0 : 1;
});
