// Runs a control plane in FOLDER until it is told to end:  node tools/cluster/serve.mjs FOLDER [--stay]
//
// The first line of standard output is JSON: url, caFile, token, configFile. Lines on standard input are commands,
// each answered by a line `done`: stop-api, start-api, restart-api. It ends with SIGTERM, and without --stay also at
// the end of standard input, so that it never outlives who started it.
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { runTool, SetupError } from '../lib/say.mjs';
import { clusterPrograms } from './build.mjs';
import { startControlPlane } from './control-plane.mjs';

await runTool(async () => {
  const [folder, stay] = process.argv.slice(2);
  if (folder === undefined) throw new SetupError('Name the folder that the control plane may use.');
  const plane = await startControlPlane({ folder: resolve(folder), files: await clusterPrograms() });
  const { url, caFile, token, configFile } = plane;
  process.stdout.write(`${JSON.stringify({ url, caFile, token, configFile })}\n`);

  const commands = {
    'stop-api': () => plane.stopApi(),
    'start-api': () => plane.startApi(),
    'restart-api': async () => {
      await plane.stopApi();
      await plane.startApi();
    },
  };
  let work = Promise.resolve();
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => {
    work = work.then(async () => {
      const command = commands[line.trim()];
      if (command === undefined) throw new SetupError(`There is no command "${line.trim()}".`);
      await command();
      process.stdout.write('done\n');
    });
    work.catch(ended);
  });
  let ended = () => undefined;
  await new Promise((done, fail) => {
    ended = fail;
    if (stay !== '--stay') input.on('close', done);
    process.once('SIGTERM', done);
    process.once('SIGINT', done);
  }).finally(async () => {
    input.close();
    await work.catch(() => undefined);
    await plane.stop();
  });
  return 0;
});
