// Runs a cluster in FOLDER until it is told to end:
//   node tools/cluster/serve.mjs FOLDER [--audit | --node [--import FILE]…] [--stay]
//
// Without --node it is an API server and controllers only; with it pods run, of the images in the archives FILE. The first
// line of standard output is JSON: url, caFile, token, configFile, with --node also wayIn (the socket of
// node/way-in.mjs), with --audit also auditFile. Lines on standard input are commands, each answered by a line `done`: stop-api, start-api,
// restart-api. It ends with SIGTERM, and without --stay also at the end of standard input, so that it never outlives
// who started it.
import { createInterface } from 'node:readline';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { runTool, SetupError } from '../lib/say.mjs';
import { clusterPrograms } from './build.mjs';
import { startControlPlane } from './control-plane.mjs';
import { startNode } from './node/start-node.mjs';
import { node as nodePrograms } from './programs.mjs';

await runTool(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      node: { type: 'boolean' },
      audit: { type: 'boolean', default: false },
      stay: { type: 'boolean' },
      import: { type: 'string', multiple: true, default: [] },
    },
  });
  const [folder] = positionals;
  if (folder === undefined) throw new SetupError('Name the folder that the cluster may use.');
  const plane = values.node
    ? await startNode({
        folder: resolve(folder),
        files: await clusterPrograms(process.env, { names: nodePrograms }),
        archives: values.import.map((file) => resolve(file)),
      })
    : await startControlPlane({
        folder: resolve(folder),
        files: await clusterPrograms(),
        audit: values.audit,
      });
  const { url, caFile, token, configFile, wayIn, auditFile } = plane;
  process.stdout.write(`${JSON.stringify({ url, caFile, token, configFile, wayIn, auditFile })}\n`);

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
    if (!values.stay) input.on('close', done);
    process.once('SIGTERM', done);
    process.once('SIGINT', done);
  }).finally(async () => {
    input.close();
    await work.catch(() => undefined);
    await plane.stop();
  });
  return 0;
});
