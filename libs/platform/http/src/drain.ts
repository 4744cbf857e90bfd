import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

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
