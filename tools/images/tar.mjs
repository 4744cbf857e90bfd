import { readFileSync } from 'node:fs';

const BLOCK = 512;
const NAME_FIELD = 100;
const TYPES = { file: '0', link: '2', folder: '5' };

const padding = (size) => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

// Numbers are octal texts that end with a zero byte.
const octal = (value, width) => `${value.toString(8).padStart(width - 1, '0')}\0`;

const headerOf = ({ name, mode, size, type, target, uid }) => {
  const block = Buffer.alloc(BLOCK);
  block.write(name, 0, NAME_FIELD);
  block.write(octal(mode, 8), 100);
  block.write(octal(uid, 8), 108);
  block.write(octal(uid, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write(target, 157, NAME_FIELD);
  block.write('ustar\0' + '00', 257);
  block.write(
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      7,
    )} `,
    148,
  );
  return block;
};

// A pax record holds its own length, whose digits count too.
const paxRecord = (key, value) => {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + String(rest).length;
  length = rest + String(length).length;
  return `${length} ${key}=${value}\n`;
};

const longNames = (name, target) =>
  [
    ['path', name],
    ['linkpath', target],
  ].filter(([, value]) => Buffer.byteLength(value) > NAME_FIELD);

const contentOf = ({ content, from }) =>
  content ?? (from === undefined ? Buffer.alloc(0) : readFileSync(from));

/**
 * A tar archive, piece by piece, that depends on nothing but its entries: they are put in order, times are 1970 and the
 * owner is root unless an entry says otherwise. An entry is `{ path, type: 'file'|'folder'|'link', mode?, uid? }` with
 * `content` (text or bytes) or `from` (a file to read) for a file, `target` for a link.
 */
export const tarOf = function* (entries) {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const entry of sorted) {
    const { path, type, target = '', uid = 0 } = entry;
    const name = type === 'folder' ? `${path}/` : path;
    const data = type === 'file' ? Buffer.from(contentOf(entry)) : Buffer.alloc(0);
    const long = longNames(name, target);
    if (long.length > 0) {
      const text = Buffer.from(long.map(([key, value]) => paxRecord(key, value)).join(''));
      yield headerOf({ name: 'pax', mode: 0o644, size: text.length, type: 'x', target: '', uid: 0 });
      yield text;
      yield padding(text.length);
    }
    const mode = entry.mode ?? (type === 'file' ? 0o644 : 0o755);
    yield headerOf({ name, mode, size: data.length, type: TYPES[type], target, uid });
    yield data;
    yield padding(data.length);
  }
  yield Buffer.alloc(2 * BLOCK);
};

/** The entries with every folder above them that they do not name themselves. */
export const withFolders = (entries) => {
  const named = new Set(entries.map(({ path }) => path));
  const missing = new Set();
  for (const { path } of entries) {
    const parts = path.split('/');
    for (let i = 1; i < parts.length; i += 1) {
      const folder = parts.slice(0, i).join('/');
      if (!named.has(folder)) missing.add(folder);
    }
  }
  return [...[...missing].map((path) => ({ path, type: 'folder' })), ...entries];
};
