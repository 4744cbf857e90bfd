import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Stands between a client and a server; can make connections die without a sign. */
export interface FreezingProxy {
  readonly port: number;
  /** Nothing passes on any connection that is open now, and none is closed. New ones work. */
  freeze(): number;
  stop(): Promise<void>;
}

/** Passes bytes on to a port of this machine. */
export const startFreezingProxy = async (target: number): Promise<FreezingProxy> => {
  const pairs = new Set<readonly [Socket, Socket]>();
  const server = createServer((client) => {
    const upstream = connect(target, '127.0.0.1');
    const pair = [client, upstream] as const;
    pairs.add(pair);
    client.pipe(upstream);
    upstream.pipe(client);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        pair.forEach((other) => other.destroy());
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    freeze: () => {
      for (const [client, upstream] of pairs) {
        client.unpipe(upstream).pause();
        upstream.unpipe(client).pause();
      }
      return pairs.size;
    },
    stop: async () => {
      for (const [client, upstream] of pairs) {
        client.destroy();
        upstream.destroy();
      }
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
