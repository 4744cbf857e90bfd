import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FieldKeys } from '@quotebridge/platform/security';
import { fieldKeysIn } from './field-keys';

it('a key is made once, is usable, stays the same, and only its owner can read it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'quotebridge-keys-'));
  try {
    const [first, second] = await Promise.all([
      fieldKeysIn(join(folder, 'data')),
      fieldKeysIn(join(folder, 'data')),
    ]);
    expect(FieldKeys.parse(first).ok).toBe(true);
    expect(second).toBe(first);
    expect(await fieldKeysIn(join(folder, 'data'))).toBe(first);
    expect(statSync(join(folder, 'data/field-keys')).mode & 0o077).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
