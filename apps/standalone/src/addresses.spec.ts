import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeAddresses, writeAddresses } from './addresses';

describe('the addresses for scripts', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'addresses-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are those of this run: there when it is up, gone when the next one begins', async () => {
    const file = await writeAddresses(folder, { nats: 'nats://127.0.0.1:1' });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ nats: 'nats://127.0.0.1:1' });
    await removeAddresses(folder);
    await removeAddresses(folder);
    expect(await readdir(folder)).toEqual([]);
  });
});
