import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exec } from './lib/exec.mjs';
import { lockFolder } from './lib/lock.mjs';
import { root } from './lib/paths.mjs';
import { tempDir } from './lib/temp.mjs';

// What npm start refuses before it installs, builds or starts anything.
const start = (args, env) =>
  exec(process.execPath, [join(root, 'tools/start.mjs'), ...args], {
    timeout: 30_000,
    env: { ...process.env, ...env },
  });

const refuses = async (args, env, sentence) => {
  const { code, stderr } = await start(args, env);
  assert.equal(code, 1);
  assert.match(stderr, sentence);
  assert.equal(stderr.trim().split('\n').length, 1, 'one sentence, no stack');
};

test('an argument that is not known is refused with those that are', () =>
  refuses(['--onec'], {}, /quotebridge: Unknown option '--onec': npm start knows --once and --no-demo\./));

test('a data folder that cannot be written is refused', () => {
  const file = join(tempDir(), 'file');
  writeFileSync(file, '');
  return refuses(['--once'], { QUOTEBRIDGE_DATA: file }, /cannot be written \(.*QUOTEBRIDGE_DATA/);
});

test('a second start on the same data is refused with the process that holds it', async (t) => {
  const folder = tempDir();
  const unlock = lockFolder(folder, 'wait');
  t.after(unlock);
  await refuses(['--once'], { QUOTEBRIDGE_DATA: folder }, new RegExp(`in use by process ${process.pid}`));
});
