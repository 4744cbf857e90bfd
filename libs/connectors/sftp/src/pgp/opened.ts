import { ReadableStream } from 'node:stream/web';
import { messageOf } from '@quotebridge/platform/core';
import { FileProblem } from '../formats/parsed';
import { peeked } from '../files/peeked';
import type { OpeningKeys } from './keys';
import { openpgp } from './openpgp';

/** Clocks of senders may go ahead of ours by so much. */
const SKEW_MS = 5 * 60_000;
const ARMOR = '-----BEGIN PGP';

/** Remembers what went wrong with the bytes themselves, which the library would give a text of its own. */
class Source {
  failure: { readonly thrown: unknown } | undefined;
  readonly bytes: AsyncGenerator<Buffer>;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.bytes = this.watched(chunks);
  }

  private async *watched(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* chunks;
    } catch (thrown) {
      this.failure = { thrown };
      throw thrown;
    }
  }
}

async function* letters(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  for await (const chunk of chunks) yield chunk.toString('latin1');
}

const web = <T>(chunks: AsyncIterable<T>): ReadableStream<T> => ReadableStream.from(chunks);

const messageIn = async ({ bytes }: Source) => {
  const { readMessage } = await openpgp();
  const { head, chunks } = await peeked(bytes, ARMOR.length);
  if (head.length === 0) throw new FileProblem('partial', 'The file is empty');
  if (head.toString('latin1') === ARMOR) return readMessage({ armoredMessage: web(letters(chunks)) });
  // The first bit of every packet is set (RFC 9580, section 4.2).
  if (((head[0] ?? 0) & 0x80) === 0)
    throw new FileProblem('refused', 'The file is not encrypted with OpenPGP');
  return readMessage({ binaryMessage: web(chunks) });
};

const REASONS: readonly (readonly [RegExp, 'partial' | 'refused', string])[] = [
  [/not signed/i, 'refused', 'The OpenPGP file is not signed'],
  [
    /signing key|signed with/i,
    'refused',
    'The OpenPGP file is signed with a key that is not among the secret "pgpSenderKeys"',
  ],
  [/No encrypted data/i, 'refused', 'The OpenPGP file is not encrypted'],
  [
    /session key|decryption key/i,
    'refused',
    'The OpenPGP file is encrypted for keys that are not in the secret "pgpPrivateKey"',
  ],
  [
    /Modification detected|digest did not match|signature verification failed|authentication tag/i,
    'refused',
    'The OpenPGP file was changed after it was encrypted or signed',
  ],
  [/unexpected end|premature|ended before/i, 'partial', 'The OpenPGP file ends too early'],
];

const problemOf = (thrown: unknown): FileProblem => {
  if (thrown instanceof FileProblem) return thrown;
  const message = messageOf(thrown);
  const [, kind, reason] = REASONS.find(([pattern]) => pattern.test(message)) ?? [];
  return kind === undefined || reason === undefined
    ? new FileProblem('refused', `The OpenPGP file cannot be read: ${message}`)
    : new FileProblem(kind, reason);
};

/**
 * The bytes inside of an OpenPGP file (RFC 9580), binary or armored, as a stream. They come before it is known that
 * nobody has changed them: only who has reached the end without a `FileProblem` may trust what he got.
 */
export async function* opened(
  chunks: AsyncIterable<Buffer>,
  keys: OpeningKeys,
  now: number,
): AsyncGenerator<Buffer> {
  const { decrypt } = await openpgp();
  const source = new Source(chunks);
  try {
    const { data } = await decrypt({
      message: await messageIn(source),
      decryptionKeys: [...keys.own],
      ...(keys.senders === undefined ? {} : { verificationKeys: [...keys.senders], expectSigned: true }),
      format: 'binary',
      date: new Date(now + SKEW_MS),
      // Else everything would be held in memory until it is verified.
      config: { allowUnauthenticatedStream: true },
    });
    for await (const chunk of data as AsyncIterable<Uint8Array>)
      yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  } catch (thrown) {
    throw source.failure === undefined ? problemOf(thrown) : source.failure.thrown;
  } finally {
    await source.bytes.return(undefined);
  }
}
