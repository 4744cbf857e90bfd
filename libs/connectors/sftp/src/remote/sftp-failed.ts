/**
 * Why something on the server did not work. `connection`: it may work later. `missing`: no such file. `settings`: a
 * person has to look (key, password, host key, rights).
 */
export type SftpFailure = 'connection' | 'missing' | 'settings' | 'refused';

/** A failed operation on the server. The message never holds a secret. */
export class SftpFailed extends Error {
  constructor(
    readonly kind: SftpFailure,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'SftpFailed';
  }
}

/** True for a {@link SftpFailed}, optionally of one kind. */
export const isSftpFailed = (thrown: unknown, kind?: SftpFailure): thrown is SftpFailed =>
  thrown instanceof SftpFailed && (kind === undefined || thrown.kind === kind);
