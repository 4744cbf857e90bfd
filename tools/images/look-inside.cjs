// Runs inside of an image, given to node with -e: prints who runs it, what may be written, and every file with its size and hash.
const { createHash } = require('node:crypto');
const { lstatSync, readdirSync, readFileSync, writeFileSync } = require('node:fs');

// What the engine puts there for the time of a run.
const NOT_OF_THE_IMAGE = new Set([
  '/proc',
  '/sys',
  '/dev',
  '/run',
  '/etc/hosts',
  '/etc/resolv.conf',
  '/etc/mtab',
]);

const filesBelow = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder === '/' ? '' : folder}/${entry.name}`;
    if (NOT_OF_THE_IMAGE.has(path)) return [];
    if (entry.isDirectory()) return filesBelow(path);
    if (!entry.isFile()) return [];
    const hash = createHash('sha256').update(readFileSync(path)).digest('hex');
    return [{ path, hash, size: lstatSync(path).size }];
  });

const refusal = (path) => {
  try {
    writeFileSync(path, '');
    return 'none';
  } catch ({ code }) {
    return code;
  }
};

process.stdout.write(
  JSON.stringify({
    user: `${process.getuid()}:${process.getgid()}`,
    folder: process.cwd(),
    node: process.version,
    refusals: ['/x', '/app/x', '/app/main.js', '/usr/bin/node'].map(refusal),
    files: filesBelow('/'),
  }),
);
