import { createServer, connect } from 'node:net';

/** A port on the loopback address that is free now. */
export const freePort = () =>
  new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });

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
