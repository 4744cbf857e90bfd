import { ReadableStream } from 'node:stream/web';
import type { SealingKeys } from './keys';
import { openpgp } from './openpgp';

async function* bytesOf(text: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of text) yield Buffer.from(piece, 'utf8');
}

/** Text as an OpenPGP file (binary), encrypted and, when there is a key for that, signed, as a stream. */
export async function* sealed(
  text: AsyncIterable<string>,
  keys: SealingKeys,
  now: number,
): AsyncGenerator<Uint8Array> {
  const { createMessage, encrypt } = await openpgp();
  const encrypted: unknown = await encrypt({
    message: await createMessage({ binary: ReadableStream.from(bytesOf(text)) }),
    encryptionKeys: [...keys.recipients],
    ...(keys.own === undefined ? {} : { signingKeys: [...keys.own] }),
    format: 'binary',
    date: new Date(now),
  });
  yield* encrypted as AsyncIterable<Uint8Array>;
}
