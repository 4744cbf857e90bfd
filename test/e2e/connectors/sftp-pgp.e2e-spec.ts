import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { JsonObject } from '@quotebridge/platform/core';
import { SFTP_SANDBOX_CREDENTIALS } from '@quotebridge/sandbox/sftp';
import { createMessage, decrypt, encrypt, generateKey, readKey, readMessage, readPrivateKey } from 'openpgp';
import { onlySpecifications, PARTS_HEADER as HEADER, partsRow as row, sftpWorld } from './sftp-world';
import { sftpSettings } from './sftp-settings';

interface Pair {
  readonly privateKey: string;
  readonly publicKey: string;
}

const PASSPHRASE = 'it-is-locked';
const hasGpg = spawnSync('gpg', ['--version']).status === 0;
const list = (...numbers: string[]): string => [HEADER, ...numbers.map((number) => row(number))].join('\n');

describe('the SFTP connector and OpenPGP', () => {
  const world = sftpWorld();
  let we: Pair;
  let partner: Pair;
  let stranger: Pair;

  const secrets = (): Record<string, string> => ({
    password: SFTP_SANDBOX_CREDENTIALS.password,
    pgpPrivateKey: we.privateKey,
    pgpPassphrase: PASSPHRASE,
    pgpSenderKeys: partner.publicKey,
    pgpRecipientKeys: partner.publicKey,
  });
  const settings = (drop: JsonObject = {}): JsonObject =>
    sftpSettings(world.sandbox, onlySpecifications({ pgp: 'encryptedAndSigned', ...drop }), {
      pgp: { results: 'encryptedAndSigned', keyEncrypted: true },
    });
  const start = () => world.start(settings(), secrets());
  const sealedBy = async (text: string | Buffer, by: Pair | undefined, to = we): Promise<Buffer> =>
    Buffer.from(
      (await encrypt({
        message: await createMessage({ binary: Buffer.from(text) }),
        encryptionKeys: await readKey({ armoredKey: to.publicKey }),
        ...(by === undefined ? {} : { signingKeys: await readPrivateKey({ armoredKey: by.privateKey }) }),
        format: 'binary',
      })) as Uint8Array,
    );
  const written = (ending: string): Buffer => {
    const name = world.filesIn('results').find((one) => one.endsWith(ending));
    if (name === undefined) throw new Error(`no ${ending} among ${world.filesIn('results').join(', ')}`);
    return readFileSync(path.join(world.sandbox.folder, 'results', name));
  };
  /** A file of the connector as the partner reads it: he asks for our signature. */
  const answer = async (ending: string): Promise<string> => {
    const { data } = await decrypt({
      message: await readMessage({ binaryMessage: written(ending) }),
      decryptionKeys: await readPrivateKey({ armoredKey: partner.privateKey }),
      verificationKeys: await readKey({ armoredKey: we.publicKey }),
      expectSigned: true,
    });
    return data;
  };

  beforeAll(async () => {
    const pair = (name: string, passphrase?: string): Promise<Pair> =>
      generateKey({ userIDs: [{ name }], ...(passphrase === undefined ? {} : { passphrase }) });
    [we, partner, stranger] = await Promise.all([pair('we', PASSPHRASE), pair('partner'), pair('stranger')]);
  });

  it('an encrypted and signed file becomes resources; result and rejections are for the partner only', async () => {
    world.owner.judge = ({ externalId }) =>
      externalId === 'P-2' ? [{ path: '/name', message: 'is not wanted', code: 'test' }] : [];
    world.drop('parts.csv.pgp', await sealedBy(gzipSync(list('P-1', 'P-2')), partner));
    const connector = await start();
    expect(await connector.runStream('partSpecifications')).toMatchObject({
      state: 'succeeded',
      counts: { created: 1, rejected: 1 },
    });
    expect(JSON.parse(await answer('.result.json.pgp'))).toMatchObject({
      state: 'acceptedInPart',
      records: 2,
      streams: [{ accepted: 1, rejected: 1 }],
    });
    expect(await answer('.rejected.csv.pgp')).toContain('P-2,partSpecifications');
    expect(world.filesIn('results').filter((name) => !name.endsWith('.pgp'))).toEqual([]);
    expect(world.filesIn('inbox')).toEqual([]);
  });

  it.each<[string, () => Promise<Buffer>, string]>([
    ['for another key', () => sealedBy(list('P-1'), partner, stranger), 'encrypted for keys'],
    ['without a signature', () => sealedBy(list('P-1'), undefined), 'is not signed'],
    ['signed by a stranger', () => sealedBy(list('P-1'), stranger), 'not among the secret'],
    ['that is not encrypted', async () => Buffer.from(list('P-1')), 'is not encrypted'],
    [
      'that was changed in its middle, behind many good records',
      async () => {
        const numbers = Array.from({ length: 20_000 }, (_, index) => `P-${index}`);
        const file = await sealedBy(list(...numbers), partner);
        const at = Math.floor(file.length * 0.9);
        file[at] = (file[at] ?? 0) ^ 1;
        return file;
      },
      'was changed after it was encrypted or signed',
    ],
  ])('a file %s is refused as a whole with the reason', async (_name, file, reason) => {
    world.drop('parts.csv.pgp', await file());
    const connector = await start();
    expect(await connector.runStream('partSpecifications')).toMatchObject({
      state: 'succeeded',
      counts: { created: 0, rejected: 1 },
    });
    expect(world.owner.batches).toEqual([]);
    expect(JSON.parse(await answer('.refused.json.pgp'))).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining(reason) as string,
    });
    expect(world.filesIn('refused')).toEqual(['parts.csv.pgp']);
    expect(await world.quarantine()).toMatchObject([{ externalId: 'file/parts.csv.pgp' }]);
  });

  it('a key that cannot be used fails the run and leaves the files where they are', async () => {
    world.drop('parts.csv.pgp', await sealedBy(list('P-1'), partner));
    const connector = await world.start(settings(), { ...secrets(), pgpPassphrase: 'something-else' });
    const run = await connector.runStream('partSpecifications');
    expect(run).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('The secret "pgpPrivateKey" cannot be used') as string,
    });
    expect(world.filesIn('inbox')).toEqual(['parts.csv.pgp']);
  });

  (hasGpg ? it : it.skip)('GnuPG writes what we read and reads what we write', async () => {
    const home = mkdtempSync(path.join(tmpdir(), 'gpg-'));
    const gpg = (args: string[], input: string | Buffer = ''): Buffer =>
      execFileSync(
        'gpg',
        ['--homedir', home, '--batch', '--yes', '--quiet', '--trust-model', 'always', ...args],
        {
          input,
          stdio: ['pipe', 'pipe', 'ignore'],
        },
      );
    try {
      for (const key of [partner.privateKey, we.publicKey]) gpg(['--import'], key);
      const inbox = gpg(['--sign', '--encrypt', '-r', 'we', '-u', 'partner'], list('P-1', 'P-2'));
      world.drop('parts.csv.pgp', inbox);
      const connector = await start();
      expect(await connector.runStream('partSpecifications')).toMatchObject({
        state: 'succeeded',
        counts: { created: 2, rejected: 0 },
      });
      const file = path.join(home, 'result.pgp');
      writeFileSync(file, written('.result.json.pgp'));
      const told = gpg(['--status-fd', '1', '--decrypt', file]).toString();
      expect(told).toContain('"state": "accepted"');
      expect(told).toContain('[GNUPG:] GOODSIG');
    } finally {
      spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      rmSync(home, { recursive: true, force: true });
    }
  });
});
