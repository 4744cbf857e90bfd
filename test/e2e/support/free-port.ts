import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';

const LOWEST = 11_000;
/** From here on Kubernetes has its node ports. */
const END = 30_000;

/** The lowest port that the system gives to connections, and to servers that name none. */
const lowestGiven = (): number => {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    // No Linux; others begin higher.
    return END;
  }
};

/** Listens for a moment; rejects when the port is taken. */
const tried = async (wanted: number): Promise<number> => {
  const server = createServer();
  await once(server.listen(wanted, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const isTaken = (thrown: unknown): boolean =>
  thrown instanceof Error && 'code' in thrown && thrown.code === 'EADDRINUSE';

/**
 * A port of the loopback address that is free at the moment. The system gives it to nobody who does not name it (tools/lib/ports.mjs
 * does the same), so that no other test gets it before its server is up, or while that restarts.
 */
export const freePort = async (): Promise<number> => {
  const end = Math.min(lowestGiven(), END);
  // Few systems give all ports: then any.
  if (end < 2 * LOWEST) return tried(0);
  for (;;) {
    try {
      return await tried(randomInt(LOWEST, end));
    } catch (thrown) {
      if (!isTaken(thrown)) throw thrown;
    }
  }
};
