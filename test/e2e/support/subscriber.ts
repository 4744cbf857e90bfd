import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A subscriber of hubs that answers as it is told and keeps what it got. */
export class Subscriber<Event> {
  readonly got: Event[] = [];
  status = 201;
  private readonly server: Server;

  constructor() {
    this.server = createServer((message, answer) => {
      let text = '';
      message.on('data', (chunk: Buffer) => (text += chunk.toString()));
      message.on('end', () => {
        if (this.status < 300) this.got.push(JSON.parse(text) as Event);
        answer.writeHead(this.status).end();
      });
    });
  }

  /** Gives the address for callbacks. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/listener`;
  }

  async close(): Promise<void> {
    await new Promise((resolve) => this.server.close(resolve));
  }
}
