import { createHash } from 'node:crypto';
import { messageOf } from '@quotebridge/platform/core';
import type { OutboundPolicy } from '@quotebridge/platform/resilience';
import { Client, utils, type ConnectConfig, type SFTPWrapper } from 'ssh2';
import type { SftpSettings } from '../settings';
import { SftpFailed } from './sftp-failed';

/** What a connection needs. */
export interface SessionOptions {
  readonly settings: Pick<SftpSettings, 'host' | 'port' | 'user' | 'auth' | 'hostKeys' | 'attemptSeconds'>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly policy: OutboundPolicy;
}

/** Answer of one operation, as ssh2 gives it. */
export type Done<T> = (error: Error | null | undefined, value?: T) => void;

// SSH_FX codes of draft-ietf-secsh-filexfer-02, section 7.
const NO_SUCH_FILE = 2;
const PERMISSION_DENIED = 3;
const FAILURE = 4;
const LOST = new Set([6, 7]);

const codeOf = (error: Error): unknown => ('code' in error ? error.code : undefined);

const failureOf = (error: Error, what: string): SftpFailed => {
  const code = codeOf(error);
  const options = { cause: error };
  if (code === NO_SUCH_FILE) return new SftpFailed('missing', `${what}: there is no such file`, options);
  if (code === PERMISSION_DENIED) return new SftpFailed('settings', `${what}: permission denied`, options);
  if (typeof code === 'number' && code >= FAILURE && !LOST.has(code))
    return new SftpFailed('refused', `${what}: ${error.message}`, options);
  return new SftpFailed('connection', `${what}: ${error.message}`, options);
};

const fingerprintOf = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;

const credentials = ({ settings, secrets }: SessionOptions): Partial<ConnectConfig> => {
  const { auth } = settings;
  if (auth.kind === 'password') return { password: secrets['password'] ?? '' };
  const privateKey = secrets['privateKey'] ?? '';
  const passphrase = auth.encrypted ? (secrets['passphrase'] ?? '') : undefined;
  const parsed = utils.parseKey(privateKey, passphrase);
  if (parsed instanceof Error)
    throw new SftpFailed('settings', `The secret "privateKey" cannot be used: ${parsed.message}`);
  return { privateKey, ...(passphrase === undefined ? {} : { passphrase }) };
};

/** One connection to the server. Every operation ends: by its answer, by the end of the connection, or by its deadline. */
export class Session {
  private readonly pending = new Set<(failure: SftpFailed) => void>();
  private ended: SftpFailed | undefined;

  private constructor(
    private readonly client: Client,
    private readonly sftp: SFTPWrapper,
    private readonly attemptMs: number,
  ) {
    const end = (why: string) => (): void => this.end(new SftpFailed('connection', why));
    client.on('error', (error) =>
      this.end(new SftpFailed('connection', `The connection failed: ${error.message}`)),
    );
    client.on('close', end('The server closed the connection'));
    client.on('end', end('The server ended the connection'));
    sftp.on('close', end('The server closed the file transfer channel'));
  }

  /** Connects to an address that the outbound policy allows, to a host whose key is pinned, and signs in. */
  static async open(options: SessionOptions): Promise<Session> {
    const { settings, policy } = options;
    const where = `${settings.host}:${settings.port}`;
    const addresses = await policy.addressesOf(settings.host);
    const [first] = addresses.ok ? addresses.value : [];
    if (!addresses.ok || first === undefined)
      throw new SftpFailed(
        'settings',
        `${where} cannot be called: ${addresses.ok ? 'no address' : addresses.error}`,
      );
    let seen = '';
    const attemptMs = settings.attemptSeconds * 1000;
    const config: ConnectConfig = {
      host: first.address,
      port: settings.port,
      username: settings.user,
      readyTimeout: attemptMs,
      keepaliveInterval: attemptMs,
      keepaliveCountMax: 2,
      hostVerifier: (key: Buffer) => {
        seen = fingerprintOf(key);
        return settings.hostKeys.some((pinned) => pinned.replace(/=+$/, '') === seen);
      },
      ...credentials(options),
    };
    const client = new Client();
    try {
      await new Promise<void>((resolve, reject) => {
        client
          .once('ready', resolve)
          .once('error', reject)
          .once('close', () => reject(new Error('closed')));
        client.connect(config);
      });
      const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
        client.sftp((error, wrapper) => (error ? reject(error) : resolve(wrapper)));
        client.once('close', () => reject(new Error('closed')));
      });
      return new Session(client, sftp, attemptMs);
    } catch (thrown) {
      // A late error of a client that nobody listens to would end the process.
      client.on('error', () => undefined).destroy();
      const isPinned = seen === '' || settings.hostKeys.some((pinned) => pinned.replace(/=+$/, '') === seen);
      if (!isPinned) {
        throw new SftpFailed(
          'settings',
          `${where} shows the host key ${seen}, which is not pinned in hostKeys: either its key was changed, or somebody else answers`,
        );
      }
      const level = typeof thrown === 'object' && thrown !== null && 'level' in thrown ? thrown.level : '';
      if (level === 'client-authentication')
        throw new SftpFailed(
          'settings',
          `${where} refused the user ${settings.user} with the given ${settings.auth.kind}`,
        );
      throw new SftpFailed('connection', `${where} cannot be reached: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  }

  get isOver(): boolean {
    return this.ended !== undefined;
  }

  /** Runs one operation; `what` begins the message of its failure. */
  call<T>(what: string, operation: (sftp: SFTPWrapper, done: Done<T>) => void): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.ended !== undefined) return reject(this.ended);
      const settle = (finish: () => void): void => {
        clearTimeout(timer);
        this.pending.delete(fail);
        finish();
      };
      const fail = (failure: SftpFailed): void => settle(() => reject(failure));
      const timer = setTimeout(() => {
        const failure = new SftpFailed('connection', `${what}: no answer within ${this.attemptMs} ms`);
        fail(failure);
        // What is late on one channel is late for all; the next try begins with a new connection.
        this.end(failure);
      }, this.attemptMs);
      this.pending.add(fail);
      operation(this.sftp, (error, value) =>
        error ? fail(failureOf(error, what)) : settle(() => resolve(value as T)),
      );
    });
  }

  close(): void {
    this.end(new SftpFailed('connection', 'The connection is closed'));
  }

  private end(failure: SftpFailed): void {
    if (this.ended !== undefined) return;
    this.ended = failure;
    for (const fail of [...this.pending]) fail(failure);
    this.client.end();
    this.client.destroy();
  }
}
