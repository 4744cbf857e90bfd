import { messageOf } from '@quotebridge/platform/core';
import type { PrivateKey, PublicKey } from 'openpgp';
import { SftpFailed } from '../remote/sftp-failed';
import type { Protection, SftpSettings } from '../settings';
import { openpgp } from './openpgp';

/** What opens files: our private keys and, when a signature is asked for, the keys of who may have signed. */
export interface OpeningKeys {
  readonly own: readonly PrivateKey[];
  readonly senders?: readonly PublicKey[];
}

/** What seals files: the keys of who may read them and, when they are to be signed, ours. */
export interface SealingKeys {
  readonly recipients: readonly PublicKey[];
  readonly own?: readonly PrivateKey[];
}

const usable = async <T>(secret: string, read: () => Promise<T>): Promise<T> => {
  try {
    return await read();
  } catch (thrown) {
    throw new SftpFailed('settings', `The secret "${secret}" cannot be used: ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
};

/** The OpenPGP keys of an instance; each is read when it is first needed. Throws `SftpFailed` for one that is none. */
export class PgpKeys {
  private privateKeys: Promise<readonly PrivateKey[]> | undefined;
  private readonly publicKeys = new Map<string, Promise<readonly PublicKey[]>>();

  constructor(
    private readonly settings: Pick<SftpSettings, 'pgp'>,
    private readonly secrets: Readonly<Record<string, string>>,
  ) {}

  /** Undefined for files that are not protected. */
  async opening(protection: Protection): Promise<OpeningKeys | undefined> {
    if (protection === 'none') return undefined;
    const own = await this.own();
    return protection === 'encrypted' ? { own } : { own, senders: await this.public('pgpSenderKeys') };
  }

  /** Undefined when what is written is not protected. */
  async sealing(): Promise<SealingKeys | undefined> {
    const { results } = this.settings.pgp;
    if (results === 'none') return undefined;
    const recipients = await this.public('pgpRecipientKeys');
    return results === 'encrypted' ? { recipients } : { recipients, own: await this.own() };
  }

  private own(): Promise<readonly PrivateKey[]> {
    this.privateKeys ??= usable('pgpPrivateKey', async () => {
      const { readPrivateKeys, decryptKey } = await openpgp();
      const keys = await readPrivateKeys({ armoredKeys: this.secrets['pgpPrivateKey'] ?? '' });
      if (!this.settings.pgp.keyEncrypted) return keys;
      const passphrase = this.secrets['pgpPassphrase'] ?? '';
      return Promise.all(keys.map((privateKey) => decryptKey({ privateKey, passphrase })));
    });
    return this.privateKeys;
  }

  private public(secret: string): Promise<readonly PublicKey[]> {
    const known = this.publicKeys.get(secret);
    if (known !== undefined) return known;
    const reading = usable(secret, async () => {
      const { readKeys } = await openpgp();
      return readKeys({ armoredKeys: this.secrets[secret] ?? '' });
    });
    this.publicKeys.set(secret, reading);
    return reading;
  }
}
