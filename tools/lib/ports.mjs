import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';

const LOWEST = 11_000;
/** From here on Kubernetes has its node ports. */
const END = 30_000;

/** The lowest port that the system gives to connections, and to servers that name none. */
const lowestGiven = () => {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
  } catch {
    // No Linux; others begin higher.
    return END;
  }
};

/** Listens for a moment; rejects when the port is taken. */
const tried = (wanted) =>
  new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

/**
 * A port on the loopback address that is free now. The system gives it to nobody who does not name it, so that it stays free until
 * a server is up, and while one restarts.
 */
export const freePort = async () => {
  const end = Math.min(lowestGiven(), END);
  // Few systems give all ports: then any.
  if (end < 2 * LOWEST) return tried(0);
  for (;;) {
    try {
      return await tried(randomInt(LOWEST, end));
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
};

/** Whether a port on the loopback address can be taken. */
export const isFree = (port) =>
  new Promise((done) => {
    const server = createServer();
    server.on('error', () => done(false));
    server.listen(port, '127.0.0.1', () => server.close(() => done(true)));
  });

/** The first line that a server says after a connection, or an error after `timeout` ms. */
export const firstLine = (host, port, timeout) =>
  new Promise((done, fail) => {
    let text = '';
    const socket = connect({ host, port });
    const end = (settle, value) => {
      socket.destroy();
      settle(value);
    };
    socket.setTimeout(timeout, () => end(fail, new Error('no answer')));
    socket.setEncoding('utf8').on('error', (error) => end(fail, error));
    socket.on('close', () => fail(new Error('connection closed')));
    socket.on('data', (more) => {
      text += more;
      if (text.includes('\n')) end(done, text.slice(0, text.indexOf('\n')));
    });
  });
