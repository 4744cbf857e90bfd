import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { createMessage, encrypt, enums, generateKey, sign, type PrivateKey, type PublicKey } from 'openpgp';
import { FileProblem } from '../formats/parsed';
import { unpackedStream } from '../files/unpack';
import { PgpKeys, type OpeningKeys } from './keys';
import { opened } from './opened';
import { sealed } from './sealed';

interface Pair {
  readonly privateKey: PrivateKey;
  readonly publicKey: PublicKey;
}

/** How a file is made; for us, by nobody, neither packed nor armored unless given. */
interface Making {
  readonly to?: Pair;
  readonly by?: Pair;
  readonly packed?: boolean;
  readonly armored?: boolean;
}

// One instant for keys, messages and both sides: a key that is younger than its use is refused.
const DATE = new Date('2026-03-01T12:00:00Z');
const NOW = DATE.getTime();
const RUNS = { numRuns: 40 };
// A bound for a test that hangs: public key arithmetic takes its time on a busy machine.
jest.setTimeout(60_000);

async function* pieces(bytes: Uint8Array, size = 1000): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield Buffer.from(bytes.subarray(at, at + size));
}

async function* textOf(...parts: string[]): AsyncGenerator<string> {
  yield* parts;
}

const all = async (chunks: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const list: Uint8Array[] = [];
  for await (const chunk of chunks) list.push(chunk);
  return Buffer.concat(list);
};

const problemOf = async (chunks: AsyncIterable<Uint8Array>): Promise<FileProblem> => {
  const thrown: unknown = await all(chunks).catch((error: unknown) => error);
  if (!(thrown instanceof FileProblem)) throw new Error(`no problem but ${String(thrown)}`);
  return thrown;
};

describe('OpenPGP files', () => {
  let we: Pair;
  let partner: Pair;
  let stranger: Pair;
  const pair = (name: string): Promise<Pair> =>
    generateKey({ userIDs: [{ name }], format: 'object', date: DATE });
  const signed = (): OpeningKeys => ({ own: [we.privateKey], senders: [partner.publicKey] });

  /** A file that the partner has made. */
  const made = async (
    text: string | Uint8Array,
    { to = we, by, packed = false, armored = false }: Making = {},
  ): Promise<Buffer> => {
    const order = {
      message: await createMessage({ binary: Buffer.from(text) }),
      encryptionKeys: to.publicKey,
      date: DATE,
      ...(by === undefined ? {} : { signingKeys: by.privateKey }),
      config: {
        preferredCompressionAlgorithm: packed ? enums.compression.zlib : enums.compression.uncompressed,
      },
    };
    const file: unknown = armored
      ? await encrypt({ ...order, format: 'armored' })
      : await encrypt({ ...order, format: 'binary' });
    return Buffer.from(file as Uint8Array);
  };

  beforeAll(async () => {
    [we, partner, stranger] = await Promise.all([pair('we'), pair('partner'), pair('stranger')]);
  });

  it.each([
    ['encrypted', {}],
    ['packed', { packed: true }],
    ['armored', { armored: true }],
    ['packed and armored', { packed: true, armored: true }],
  ])('are opened when they are %s, with their signature or without', async (_name, options) => {
    const text = 'Part;Price\n'.repeat(5_000);
    const bare = await made(text, options);
    expect((await all(opened(pieces(bare), { own: [we.privateKey] }, NOW))).toString()).toBe(text);
    const bySender = await made(text, { ...options, by: partner });
    expect((await all(opened(pieces(bySender), signed(), NOW))).toString()).toBe(text);
    expect((await all(opened(pieces(bySender), { own: [we.privateKey] }, NOW))).toString()).toBe(text);
  });

  it('may hold gzip, but no zip', async () => {
    const limits = { fileBytes: 1e6, expandedBytes: 1e6, ratio: 200, recordBytes: 1e6, depth: 9 };
    const open = async (inside: Uint8Array) => {
      const file = await made(inside);
      return unpackedStream(opened(pieces(file), { own: [we.privateKey] }, NOW), file.length, limits);
    };
    expect((await all(await open(gzipSync('Part')))).toString()).toBe('Part');
    expect(await problemOf(await open(Buffer.from('PK\u0003\u0004')))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('zip file') as string,
    });
  });

  it.each(['packed by us', 'packed by encryption'])('that grow too much are refused: %s', async (by) => {
    const inside = Buffer.alloc(3_000_000, 'x');
    const file = by === 'packed by us' ? await made(gzipSync(inside)) : await made(inside, { packed: true });
    const limits = { fileBytes: 1e9, expandedBytes: 1e9, ratio: 20, recordBytes: 1e6, depth: 9 };
    const stream = unpackedStream(opened(pieces(file), { own: [we.privateKey] }, NOW), file.length, limits);
    expect(await problemOf(stream)).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('more than 20 times') as string,
    });
  });

  it.each<[string, () => Promise<Uint8Array>, string]>([
    ['for somebody else', () => made('x', { to: stranger, by: partner }), 'encrypted for keys'],
    ['that nobody signed', () => made('x'), 'is not signed'],
    ['that a stranger signed', () => made('x', { by: stranger }), 'not among the secret "pgpSenderKeys"'],
    ['that are not encrypted', async () => Buffer.from('Part;Price\n'), 'is not encrypted with OpenPGP'],
    [
      'that are only signed',
      async () =>
        Buffer.from(
          (await sign({
            message: await createMessage({ text: 'x' }),
            signingKeys: partner.privateKey,
            format: 'binary',
          })) as Uint8Array,
        ),
      'is not encrypted',
    ],
    // A packet of a kind that does not exist, as long as it says.
    [
      'of another kind',
      async () => Buffer.from([0xd8, 100, ...Array<number>(100).fill(1)]),
      'cannot be read',
    ],
  ])('%s are refused with a reason', async (_name, file, reason) => {
    expect(await problemOf(opened(pieces(await file()), signed(), NOW))).toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(reason) as string,
    });
  });

  it.each([
    ['signed', true],
    ['not signed', false],
  ])('in which a byte was changed never come to their end as something else: %s', async (_name, isSigned) => {
    const text = 'Part;Price\n'.repeat(300);
    const file = await made(text, isSigned ? { by: partner } : {});
    const keys = isSigned ? signed() : { own: [we.privateKey] };
    const place = fc.integer({ min: 0, max: file.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), async (at, change) => {
        const changed = Buffer.from(file);
        changed[at] = (changed[at] ?? 0) ^ change;
        const got = await all(opened(pieces(changed, 100), keys, NOW)).catch((error: unknown) => error);
        if (Buffer.isBuffer(got)) expect(got.toString()).toBe(text);
        else expect(got).toBeInstanceOf(FileProblem);
      }),
      RUNS,
    );
  });

  it('that are cut anywhere have a problem', async () => {
    const file = await made('Part;Price\n'.repeat(300), { by: partner });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: file.length - 1 }), async (length) => {
        await problemOf(opened(pieces(file.subarray(0, length), 100), signed(), NOW));
      }),
      RUNS,
    );
  });

  it('are never held as a whole: what is opened follows what is read', async () => {
    const size = 8 * 1024 * 1024;
    const file = await made(Buffer.alloc(size, 'Part;Price\n'), { by: partner });
    let read = 0;
    let got = 0;
    let most = 0;
    async function* counted(): AsyncGenerator<Buffer> {
      for await (const chunk of pieces(file, 30_000)) {
        read += chunk.length;
        most = Math.max(most, read - got);
        yield chunk;
      }
    }
    for await (const chunk of opened(counted(), signed(), NOW)) got += chunk.length;
    expect(got).toBe(size);
    expect(most).toBeLessThan(size / 4);
  });

  it('fail as their source fails', async () => {
    const file = await made('Part;Price\n'.repeat(10_000), { by: partner });
    const failure = new Error('the server is away');
    async function* broken(): AsyncGenerator<Buffer> {
      yield* pieces(file.subarray(0, 20_000));
      throw failure;
    }
    await expect(all(opened(broken(), signed(), NOW))).rejects.toBe(failure);
  });

  it('that we write are opened by who they are for, and by nobody else; any text comes back', async () => {
    const theirs: OpeningKeys = { own: [partner.privateKey], senders: [we.publicKey] };
    const keys = { recipients: [partner.publicKey], own: [we.privateKey] };
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }), async (parts) => {
        const file = await all(sealed(textOf(...parts), keys, NOW));
        expect((await all(opened(pieces(file), theirs, NOW))).toString()).toBe(
          Buffer.from(parts.join('')).toString(),
        );
        await problemOf(opened(pieces(file), { own: [stranger.privateKey] }, NOW));
      }),
      { numRuns: 20 },
    );
    const unsigned = await all(sealed(textOf('x'), { recipients: [partner.publicKey] }, NOW));
    expect((await problemOf(opened(pieces(unsigned), theirs, NOW))).message).toContain('is not signed');
  });

  it('need keys that can be read; what is wrong is told, no secret', async () => {
    const { privateKey: armored, publicKey } = await generateKey({
      userIDs: [{ name: 'we' }],
      passphrase: 'open-sesame',
    });
    const keys = (secrets: Record<string, string>): PgpKeys =>
      new PgpKeys({ pgp: { results: 'encrypted', keyEncrypted: true } }, secrets);
    const right = { pgpPrivateKey: armored, pgpPassphrase: 'open-sesame', pgpSenderKeys: publicKey };
    expect(await keys(right).opening('encryptedAndSigned')).toMatchObject({ own: [{}], senders: [{}] });
    expect(await keys(right).opening('none')).toBeUndefined();
    for (const [wrong, named] of [
      [{ pgpPassphrase: 'sesame-open' }, 'pgpPrivateKey'],
      [{ pgpPrivateKey: 'no key' }, 'pgpPrivateKey'],
      [{ pgpSenderKeys: 'no key' }, 'pgpSenderKeys'],
    ] as const) {
      const thrown: unknown = await keys({ ...right, ...wrong })
        .opening('encryptedAndSigned')
        .catch((error: unknown) => error);
      expect(String(thrown)).toContain(`The secret "${named}" cannot be used`);
      expect(String(thrown)).not.toContain('sesame');
    }
  });
});
