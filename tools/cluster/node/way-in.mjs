// The way into a cluster's network:  node way-in.mjs SOCKET
// Whoever connects to the socket says HOST:PORT on a line, and is then connected with that.
import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const [socket] = process.argv.slice(2);
rmSync(socket, { force: true });

const join = (one, other) => {
  one.pipe(other).pipe(one);
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  }
};

createServer((client) => {
  client.on('error', () => client.destroy());
  let head = Buffer.alloc(0);
  const read = (more) => {
    head = Buffer.concat([head, more]);
    const end = head.indexOf('\n');
    if (end < 0) return;
    client.off('data', read).pause();
    const [, host, port] = /^(.+):(\d+)$/.exec(head.subarray(0, end).toString()) ?? [];
    if (host === undefined) return void client.destroy();
    const target = connect({ host, port: Number(port), family: 4 });
    const rest = head.subarray(end + 1);
    if (rest.length > 0) target.write(rest);
    join(client, target);
  };
  client.on('data', read);
}).listen(socket);
