import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { err, ok, type Result } from '@quotebridge/platform/core';

const FORMAT = 1;
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const BLIND_BYTES = 16;
const KEY_ID = /^[\w-]{1,32}$/;

interface Key {
  readonly id: string;
  readonly cipher: Buffer;
  readonly blind: Buffer;
}

/** A value was sealed with a key that is not given, or was changed since. */
export class CannotOpen extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CannotOpen';
  }
}

const derived = (master: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', master, '', `quotebridge ${purpose}`, KEY_BYTES));

const readKey = (entry: string): Result<Key, string> => {
  const [id = '', text = '', ...rest] = entry.split(':').map((part) => part.trim());
  const master = Buffer.from(text, 'base64');
  if (!KEY_ID.test(id) || rest.length > 0 || master.length !== KEY_BYTES)
    return err(`must be a list of <id>:<${KEY_BYTES} bytes in base64>, separated by commas`);
  return ok({ id, cipher: derived(master, 'field cipher'), blind: derived(master, 'blind index') });
};

/**
 * Keys for single fields: the first one seals, all of them open, so that keys can be changed without a pause. A sealed
 * value is AES-256-GCM over the value, bound to where it stands: format, id of the key, nonce, tag, ciphertext.
 */
export class FieldKeys {
  private constructor(
    private readonly current: Key,
    private readonly keys: ReadonlyMap<string, Key>,
  ) {}

  /** Reads `id:base64,id:base64`; the error says what is expected and shows no key. */
  static parse(text: string): Result<FieldKeys, string> {
    const keys = new Map<string, Key>();
    for (const entry of text.split(',')) {
      const key = readKey(entry);
      if (!key.ok) return key;
      if (keys.has(key.value.id)) return err(`has the id ${key.value.id} twice`);
      keys.set(key.value.id, key.value);
    }
    const [first] = keys.values();
    return first === undefined ? err('is empty') : ok(new FieldKeys(first, keys));
  }

  /** Id of the key that seals. */
  get currentId(): string {
    return this.current.id;
  }

  /** Seals a text. `place` says where it stands and must be the same when it is opened. */
  seal(text: string, place: string): Uint8Array {
    const { id, cipher: key } = this.current;
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(CIPHER, key, iv).setAAD(Buffer.from(`${id}\n${place}`));
    const sealed = [cipher.update(text, 'utf8'), cipher.final()];
    return Buffer.concat([
      Buffer.from([FORMAT, id.length]),
      Buffer.from(id),
      iv,
      cipher.getAuthTag(),
      ...sealed,
    ]);
  }

  /** Opens what {@link FieldKeys.seal} has sealed; throws {@link CannotOpen}. */
  open(sealed: Uint8Array, place: string): string {
    const bytes = Buffer.from(sealed);
    const idEnd = 2 + (bytes[1] ?? 0);
    const id = bytes.toString('latin1', 2, idEnd);
    const key = this.keys.get(id);
    if (bytes[0] !== FORMAT || key === undefined)
      throw new CannotOpen(
        `A field at ${place} is sealed with the key ${KEY_ID.test(id) ? id : '?'}, which FIELD_KEYS lacks`,
      );
    const tagAt = idEnd + IV_BYTES;
    const textAt = tagAt + TAG_BYTES;
    try {
      const decipher = createDecipheriv(CIPHER, key.cipher, bytes.subarray(idEnd, tagAt))
        .setAAD(Buffer.from(`${id}\n${place}`))
        .setAuthTag(bytes.subarray(tagAt, textAt));
      return Buffer.concat([decipher.update(bytes.subarray(textAt)), decipher.final()]).toString('utf8');
    } catch {
      throw new CannotOpen(`A field at ${place} is not as it was sealed`);
    }
  }

  /**
   * What stands for a text where equal ones must be found: a keyed hash, which says nothing without the key. By the current
   * key first, then by the others, under which it may still be stored.
   */
  blind(text: string, place: string): readonly string[] {
    const others = [...this.keys.values()].filter((key) => key !== this.current);
    return [this.current, ...others].map((key) =>
      createHmac('sha256', key.blind)
        .update(`${place}\n${text}`)
        .digest()
        .subarray(0, BLIND_BYTES)
        .toString('base64url'),
    );
  }
}
