import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import { PARTS_PER_SIZE } from '@quotebridge/sandbox/core';
import { PART_FORMATS, partsText, type PartFormat } from './parts-text';
import { zipped } from './zip';

/** A parts list to be dropped into the inbox. */
interface DropOrder {
  readonly file: string;
  readonly format: PartFormat;
  readonly size: number;
  readonly pack: 'none' | 'gzip' | 'zip';
  readonly tell: 'nothing' | 'manifest' | 'doneFile' | 'checksum';
  /** Bytes that are missing at the end, as if the upload had stopped. */
  readonly cut: number;
}

const choice = <T extends string>(body: JsonObject, name: string, known: readonly T[]): T => {
  const value = body[name] ?? known[0];
  const found = known.find((one) => one === value);
  if (found === undefined) throw new Refusal(400, 'badDrop', `"${name}" must be one of ${known.join(', ')}.`);
  return found;
};

const number = (body: JsonObject, name: string, fallback: number, most: number): number => {
  const value = body[name] ?? fallback;
  if (typeof value !== 'number' || value < 0 || value > most)
    throw new Refusal(400, 'badDrop', `"${name}" must be a number from 0 to ${most}.`);
  return value;
};

/** Reads what to drop from an untrusted body. */
export const readDropOrder = (body: unknown, usualSize = 1): DropOrder => {
  if (!isJsonObject(body))
    throw new Refusal(400, 'badDrop', 'Send a JSON object such as {"file":"parts.csv"}.');
  const { file } = body;
  if (typeof file !== 'string' || !/^[A-Za-z0-9._-]{1,100}$/.test(file) || file.startsWith('.'))
    throw new Refusal(400, 'badDrop', '"file" must be a plain file name.');
  return {
    file,
    format: choice(body, 'format', PART_FORMATS),
    size: number(body, 'size', usualSize, 10_000),
    pack: choice(body, 'pack', ['none', 'gzip', 'zip'] as const),
    tell: choice(body, 'tell', ['nothing', 'manifest', 'doneFile', 'checksum'] as const),
    cut: number(body, 'cut', 0, 1_000_000_000),
  };
};

const sha256Of = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** Writes the file and what tells about it, checksums of the whole file, and then cuts it if wanted. */
export const dropFile = async (folder: string, order: DropOrder, seed: number): Promise<JsonObject> => {
  const rows = Math.round(order.size * PARTS_PER_SIZE);
  const text = partsText({ seed, rows, format: order.format });
  const path = join(folder, order.file);
  const out = createWriteStream(path);
  if (order.pack === 'zip') await pipeline(Readable.from(zipped(`parts.${order.format}`, text)), out);
  else if (order.pack === 'gzip') await pipeline(Readable.from(text), createGzip(), out);
  else await pipeline(Readable.from(text), out);
  const bytes = out.bytesWritten;
  const sha256 = await sha256Of(path);
  if (order.cut > 0) truncateSync(path, Math.max(0, bytes - order.cut));
  if (order.tell === 'doneFile') writeFileSync(`${path}.done`, '');
  if (order.tell === 'checksum') writeFileSync(`${path}.sha256`, `${sha256}  ${order.file}\n`);
  if (order.tell === 'manifest') {
    const manifest = { files: [{ name: order.file, records: rows, bytes, sha256 }] };
    writeFileSync(`${path}.manifest.json`, JSON.stringify(manifest, null, 2));
  }
  return { file: order.file, records: rows, bytes, sha256 };
};
