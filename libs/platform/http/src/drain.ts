import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

const openConnections = (server: Server): Promise<number> =>
  new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );

/**
 * Sends clients away without failing any: every request is still answered, but its connection is not kept, so that
 * the client's next one goes to another replica (RFC 9112, 9.6). Resolves when no connection is left, or after
 * `withinMs`: a connection that nobody has used for that long may be closed.
 */
export const drain = async (server: Server, withinMs: number): Promise<void> => {
  server.prependListener('request', (_request: IncomingMessage, response: ServerResponse) =>
    response.setHeader('connection', 'close'),
  );
  const end = performance.now() + withinMs;
  while ((await openConnections(server)) > 0 && performance.now() < end) await sleep(LOOK_EVERY_MS);
};

/**
 * Closes a server whose clients keep connections open between requests: each is ended as soon as it has its answer, also
 * those that are idle only after `close` has begun. Requests that have arrived are read first: to a process that was held up,
 * their connections look idle.
 */
export const closePromptly = async (server: Server, close: () => Promise<unknown>): Promise<void> => {
  server.keepAliveTimeout = 1;
  // Only the second one certainly comes after the loop has looked for what arrived.
  await turn();
  await turn();
  const hurry = setInterval(() => setImmediate(() => server.closeIdleConnections()), LOOK_EVERY_MS);
  try {
    await close();
  } finally {
    clearInterval(hurry);
  }
};
