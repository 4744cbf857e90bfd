import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A notification that a subscriber got. */
export interface Notification extends Record<string, unknown> {
  readonly eventType: string;
  readonly event: Readonly<Record<string, { readonly id?: string }>>;
}

/** A subscriber on loopback that keeps what it gets, for each path of its own. */
export interface Callback {
  /** Address for a subscription of this name. */
  url(name: string): string;
  got(name: string): readonly Notification[];
  close(): Promise<void>;
}

/** Starts a subscriber. */
export const startCallback = async (): Promise<Callback> => {
  const notifications = new Map<string, Notification[]>();
  const server = createServer((message, answer) => {
    let text = '';
    message.on('data', (chunk: Buffer) => (text += chunk.toString()));
    message.on('end', () => {
      const name = (message.url ?? '').slice(1);
      notifications.set(name, [...(notifications.get(name) ?? []), JSON.parse(text) as Notification]);
      answer.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: (name) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${name}`,
    got: (name) => notifications.get(name) ?? [],
    close: async () => {
      await new Promise((resolve) => server.close(resolve));
    },
  };
};
