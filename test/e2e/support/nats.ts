import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChild, type Child } from './child';
import { eventually } from './eventually';
import { freePort } from './free-port';

/** A NATS server with JetStream for one test file. */
export interface TestNats {
  readonly url: string;
  stop(): Promise<void>;
}

/** A NATS server of the test's own, which it may kill. */
export interface OwnNats extends TestNats {
  /** Ends the server without warning (SIGKILL). */
  kill(): Promise<void>;
  /** Brings it up again on the same port and data. */
  restart(): Promise<void>;
}

/** Whether a NATS server with JetStream greets on the port: its first line is `INFO {…}`. */
const greets = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1');
    const answer = (greeted: boolean): void => {
      socket.destroy();
      resolve(greeted);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('data', (chunk: Buffer) => answer(chunk.toString().includes('"jetstream":true')));
  });

/** Starts a nats-server (`QB_NATS_SERVER`, or the one on PATH) with data of its own, removed at the end. */
export const startOwnNats = async (): Promise<OwnNats> => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quotebridge-nats-'));
  const port = await freePort();
  const config = path.join(folder, 'nats.conf');
  // The largest message as everywhere else: an event carries a whole resource.
  writeFileSync(
    config,
    `listen: 127.0.0.1:${port}\nmax_payload: 16MB\njetstream { store_dir: ${JSON.stringify(folder)} }\n`,
  );
  const args = ['-c', config];
  let server: Child;
  const up = async (): Promise<void> => {
    server = startChild(process.env['QB_NATS_SERVER'] ?? 'nats-server', args, process.env);
    await eventually('a NATS server with JetStream', () => {
      if (server.isOver())
        throw new Error(`NATS for the test did not come up. ${server.lines.slice(-3).join('\n')}`);
      return greets(port);
    });
  };
  await up();
  return {
    url: `nats://127.0.0.1:${port}`,
    kill: async () => {
      await server.end('SIGKILL');
    },
    restart: up,
    stop: async () => {
      await server.end('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/**
 * A NATS server whose streams hold nothing but what this test file publishes. Streams have fixed names, so files
 * share the server of `NATS_URL` only when there is no `QB_NATS_SERVER` to start.
 */
export const startNats = async (): Promise<TestNats> => {
  const given = process.env['NATS_URL'];
  if (given && !process.env['QB_NATS_SERVER']) return { url: given, stop: async () => undefined };
  return startOwnNats();
};
