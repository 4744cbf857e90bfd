import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';

/** A host key of the sandbox: OpenSSH text, and the fingerprint that clients pin. */
export interface HostKey {
  readonly privateKey: string;
  readonly fingerprint: string;
}

const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

const field = (value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/**
 * An Ed25519 host key that is the same for the same word, so that guides can name its fingerprint. It protects nothing:
 * what it is made from stands here. Written in the OpenSSH format (PROTOCOL.key), the only one that ssh2 reads for it.
 */
export const hostKeyFor = (word: string): HostKey => {
  const seed = createHash('sha256').update(`quotebridge sftp sandbox ${word}`).digest();
  const key = createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, seed]), format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const blob = Buffer.concat([field('ssh-ed25519'), field(raw)]);
  const check = Buffer.from('71627362', 'hex');
  const secret = Buffer.concat([
    check,
    check,
    field('ssh-ed25519'),
    field(raw),
    field(Buffer.concat([seed, raw])),
    field('sandbox'),
  ]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const content = Buffer.concat([
    Buffer.from('openssh-key-v1\0'),
    field('none'),
    field('none'),
    field(''),
    one,
    field(blob),
    field(Buffer.concat([secret, padding])),
  ]);
  const lines = content.toString('base64').replace(/(.{70})/g, '$1\n');
  return {
    privateKey: `-----BEGIN OPENSSH PRIVATE KEY-----\n${lines}\n-----END OPENSSH PRIVATE KEY-----\n`,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
  };
};
