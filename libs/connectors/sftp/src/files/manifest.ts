import { valueAt } from '@quotebridge/connectors/sdk';
import { err, isJsonObject, ok, type Json, type JsonObject, type Result } from '@quotebridge/platform/core';
import type { Completeness } from '../settings';

/** What was announced about a file. */
export interface Expected {
  readonly records?: number;
  /** Lower-case hexadecimal digits. */
  readonly sha256?: string;
  readonly bytes?: number;
}

type Manifest = Extract<Completeness, { kind: 'manifest' }>;

const SHA256 = /^[0-9a-f]{64}$/;

const countAt = (entry: JsonObject, path: string): number | undefined => {
  const value = valueAt(entry, path);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 0 ? number : undefined;
};

const entryOf = (manifest: JsonObject, { files, name }: Manifest, file: string): JsonObject | undefined => {
  if (files === undefined) return manifest;
  const list = valueAt(manifest, files);
  return Array.isArray(list)
    ? list.filter(isJsonObject).find((entry) => valueAt(entry, name) === file)
    : undefined;
};

/** Reads a manifest. The error says why it tells nothing about the file (yet). */
export const readManifest = (text: string, settings: Manifest, file: string): Result<Expected, string> => {
  let manifest: Json;
  try {
    manifest = JSON.parse(text) as Json;
  } catch {
    return err('its manifest is no JSON (yet)');
  }
  const entry = isJsonObject(manifest) ? entryOf(manifest, settings, file) : undefined;
  if (entry === undefined) return err('its manifest does not name it (yet)');
  const records = countAt(entry, settings.records);
  const bytes = countAt(entry, settings.bytes);
  const sum = String(valueAt(entry, settings.sha256) ?? '').toLowerCase();
  if (records === undefined && bytes === undefined && !SHA256.test(sum))
    return err('its manifest has neither count, size nor checksum for it');
  return ok({
    ...(records === undefined ? {} : { records }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(SHA256.test(sum) ? { sha256: sum } : {}),
  });
};

/** Reads a checksum file as `sha256sum` writes it. */
export const readChecksum = (text: string): Result<Expected, string> => {
  const sum = (text.trim().split(/\s+/)[0] ?? '').toLowerCase();
  return SHA256.test(sum) ? ok({ sha256: sum }) : err('its checksum file holds no SHA-256 checksum (yet)');
};

/** Why what was found is not what was announced; undefined when it is. */
export const mismatch = (
  expected: Expected,
  found: { readonly records: number; readonly sha256: string; readonly bytes: number },
): string | undefined => {
  if (expected.bytes !== undefined && expected.bytes !== found.bytes)
    return `it has ${found.bytes} bytes instead of ${expected.bytes}`;
  if (expected.sha256 !== undefined && expected.sha256 !== found.sha256)
    return `its checksum is ${found.sha256} instead of ${expected.sha256}`;
  if (expected.records !== undefined && expected.records !== found.records)
    return `it has ${found.records} records instead of ${expected.records}`;
  return undefined;
};
