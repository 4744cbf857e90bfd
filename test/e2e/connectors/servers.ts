import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mongoose';

/** Addresses of real servers: those of the test run, else some started from PATH. */
export interface Servers {
  readonly mongodbUri: string;
  readonly natsUrl: string;
  stop(): Promise<void>;
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null) return resolve();
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });

const startMongod = async (folder: string): Promise<{ uri: string; child: ChildProcess }> => {
  const port = await freePort();
  const child = spawn(
    'mongod',
    ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--replSet', 'rs0'],
    { stdio: 'ignore' },
  );
  const direct = createConnection(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 30_000,
  });
  await direct.asPromise();
  const config = { _id: 'rs0', members: [{ _id: 0, host: `127.0.0.1:${port}` }] };
  await direct.getClient().db('admin').command({ replSetInitiate: config });
  await direct.close();
  return { uri: `mongodb://127.0.0.1:${port}/?replicaSet=rs0`, child };
};

/** Servers for a suite. */
export const startServers = async (): Promise<Servers> => {
  const children: ChildProcess[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'quotebridge-connectors-'));
  let { MONGODB_URI: mongodbUri, NATS_URL: natsUrl } = process.env;
  if (mongodbUri === undefined) {
    const mongo = await startMongod(folder);
    mongodbUri = mongo.uri;
    children.push(mongo.child);
  }
  if (natsUrl === undefined) {
    const port = await freePort();
    const args = ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', join(folder, 'js')];
    children.push(spawn('nats-server', args, { stdio: 'ignore' }));
    natsUrl = `nats://127.0.0.1:${port}`;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return {
    mongodbUri,
    natsUrl,
    stop: async () => {
      await Promise.all(children.map(ended));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
