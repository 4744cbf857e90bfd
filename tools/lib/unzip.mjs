import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

// The parts of the ZIP format (APPNOTE 4.3) that a wheel uses: no ZIP64, no encryption, stored or deflated.
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

const read = async (file, length, position) => {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error('the archive is cut off');
  return buffer;
};

const findEnd = async (file, size) => {
  const length = Math.min(size, 65_557);
  const tail = await read(file, length, size - length);
  for (let at = length - 22; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === END) return tail.subarray(at);
  }
  throw new Error('the file is no ZIP archive');
};

const entriesOf = async (file, size) => {
  const end = await findEnd(file, size);
  const directory = await read(file, end.readUInt32LE(12), end.readUInt32LE(16));
  const entries = [];
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === ENTRY;) {
    const nameLength = directory.readUInt16LE(at + 28);
    entries.push({
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      packed: directory.readUInt32LE(at + 20),
      header: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
};

/**
 * Writes one member of a ZIP archive to `target` (mode `mode`), by way of a temporary file, so that a half
 * written one is never taken for the whole. `matches` picks the member by its name.
 */
export const extract = async (archive, matches, target, mode = 0o644) => {
  const file = await open(archive);
  let start, entry;
  try {
    const { size } = await file.stat();
    entry = (await entriesOf(file, size)).find(({ name }) => matches(name));
    if (entry === undefined) throw new Error('the archive has no such member');
    if (entry.method !== STORED && entry.method !== DEFLATED) throw new Error('unknown compression');
    const local = await read(file, 30, entry.header);
    if (local.readUInt32LE(0) !== LOCAL) throw new Error('the archive is damaged');
    start = entry.header + 30 + local.readUInt16LE(26) + local.readUInt16LE(28);
  } finally {
    await file.close();
  }
  const partial = `${target}.${process.pid}.partial`;
  const input = createReadStream(archive, { start, end: start + entry.packed - 1 });
  const steps = entry.method === DEFLATED ? [createInflateRaw()] : [];
  try {
    await pipeline(input, ...steps, createWriteStream(partial, { mode }));
    await rename(partial, target);
  } finally {
    await rm(partial, { force: true });
  }
};
