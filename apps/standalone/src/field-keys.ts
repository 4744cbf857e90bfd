import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'field-keys';

const hasCode = (thrown: unknown, code: string): boolean =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === code;

/** The `FIELD_KEYS` of this installation: kept in a file of its data folder that only its owner reads, made the first time. */
export const fieldKeysIn = async (dataFolder: string): Promise<string> => {
  const file = join(dataFolder, FILE);
  const draft = `${file}.${randomUUID()}`;
  await mkdir(dataFolder, { recursive: true });
  await writeFile(draft, `local:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
  try {
    // Whole or not at all, and never over one that is there.
    await link(draft, file);
  } catch (thrown) {
    if (!hasCode(thrown, 'EEXIST')) throw thrown;
  } finally {
    await rm(draft);
  }
  return (await readFile(file, 'utf8')).trim();
};
