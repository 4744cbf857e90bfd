import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from '@quotebridge/platform/core';

/** A certificate with its key, PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
  /** When it ends, epoch milliseconds. */
  readonly endsMs: number;
}

/** Reads `tls.crt` and `tls.key` of a folder, as a Secret of the type kubernetes.io/tls is mounted. Throws a sentence. */
export const readKeyPair = (folder: string): KeyPair => {
  try {
    const [cert, key] = ['tls.crt', 'tls.key'].map((file) => readFileSync(path.join(folder, file), 'utf8'));
    if (cert === undefined || key === undefined) throw new Error('it is empty');
    return { cert, key, endsMs: Date.parse(new X509Certificate(cert).validTo) };
  } catch (thrown) {
    throw new Error(`There is no certificate in ${folder} (tls.crt, tls.key): ${messageOf(thrown)}`, {
      cause: thrown,
    });
  }
};
