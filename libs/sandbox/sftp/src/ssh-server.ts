import { createServer, type AddressInfo, type Socket } from 'node:net';
import { cannotListen } from '@quotebridge/platform/core';
import { sameSecret, type Faults } from '@quotebridge/sandbox/core';
import { Server, utils, type AuthContext, type Connection } from 'ssh2';
import { FileService } from './file-service';
import { hostKeyFor, type HostKey } from './host-key';

/** Who may sign in. */
export interface SftpCredentials {
  readonly user: string;
  readonly password: string;
  /** Public keys in the OpenSSH format. */
  readonly authorizedKeys: readonly string[];
}

/** What the server needs. */
interface SshServerOptions {
  readonly host: string;
  readonly port: number;
  readonly root: string;
  readonly credentials: SftpCredentials;
  readonly faults: Faults;
  readonly latencyMs: number;
}

const ANY = { method: 'CONNECT', url: '/' };

const isSigned = (context: Extract<AuthContext, { method: 'publickey' }>, keys: readonly string[]): boolean =>
  keys.some((text) => {
    const key = utils.parseKey(text);
    if (key instanceof Error || !key.getPublicSSH().equals(context.key.data)) return false;
    // Without a signature the client only asks whether the key would do.
    if (context.signature === undefined || context.blob === undefined) return true;
    return key.verify(context.blob, context.signature, context.hashAlgo) === true;
  });

const isWelcome = (context: AuthContext, { user, password, authorizedKeys }: SftpCredentials): boolean => {
  if (context.username !== user) return false;
  if (context.method === 'password') return sameSecret(context.password, password);
  return context.method === 'publickey' && isSigned(context, authorizedKeys);
};

const attend = (client: Connection, { credentials, faults, root, latencyMs }: SshServerOptions): void => {
  client.on('error', () => undefined);
  client.on('authentication', (context) => {
    if (!isWelcome(context, credentials)) return context.reject(['password', 'publickey']);
    return faults.take('refuseSignIn', ANY) === undefined ? context.accept() : context.reject([]);
  });
  client.on('session', (accept) => {
    accept().on('sftp', (acceptSftp) => {
      const service = new FileService(acceptSftp(), client, { root, faults, latencyMs });
      service.serve();
      client.on('close', () => void service.end());
    });
  });
};

/** A running SSH server with nothing but file transfer. */
export interface SshServer {
  readonly port: number;
  readonly hostKey: HostKey;
  close(): Promise<void>;
}

/** Starts the server. Rejects when the port is taken. */
export const startSshServer = async (options: SshServerOptions): Promise<SshServer> => {
  const hostKey = hostKeyFor('host key');
  const serverWith = (key: HostKey): Server =>
    new Server({ hostKeys: [key.privateKey] }, (client) => attend(client, options));
  const usual = serverWith(hostKey);
  const other = serverWith(hostKeyFor('another host key'));
  const sockets = new Set<Socket>();
  const listener = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const isOther = options.faults.take('otherHostKey', ANY) !== undefined;
    (isOther ? other : usual).injectSocket(socket);
  });
  const { host, port } = options;
  await new Promise<void>((resolve, reject) => {
    const refuse = (thrown: Error): void => reject(cannotListen('The file server', host, port, thrown));
    listener.once('error', refuse).listen(port, host, resolve);
  });
  return {
    port: (listener.address() as AddressInfo).port,
    hostKey,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
};
