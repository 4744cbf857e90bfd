import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { loadSettings } from '@quotebridge/platform/config';
import { startComponent, type RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { eventually } from './support/eventually';

const V5 = '/tmf-api/productCatalogManagement/v5';

describe('a subscriber of the hub whose answer has no end', () => {
  let catalog: RunningComponent;
  let subscriber: Server;

  beforeAll(async () => {
    // Says yes at once, and goes on writing faster than anybody gives up between two pieces.
    subscriber = createServer((message, answer) => {
      message.resume().on('end', () => {
        answer.writeHead(201);
        const more = setInterval(() => answer.write('.'), 20);
        answer.on('close', () => clearInterval(more));
      });
    });
    await new Promise<void>((resolve) => subscriber.listen(0, '127.0.0.1', resolve));
    const settings = loadSettings(productCatalogSettings, {
      ...process.env,
      AUTH: 'off',
      DATABASE: `hub-${randomUUID()}`,
      LOG_LEVEL: 'silent',
      OUTBOUND_ALLOW: 'loopback',
      HUB_TIMEOUT: '3s',
    });
    catalog = await startComponent(productCatalog, settings);
  });
  afterAll(async () => {
    await catalog?.close();
    subscriber.closeAllConnections();
    await new Promise((resolve) => subscriber.close(resolve));
  });

  it('has what it said yes to, gets the next event of the same resource, and holds up no end', async () => {
    const api = request(catalog.url);
    const callback = `http://127.0.0.1:${(subscriber.address() as AddressInfo).port}/`;
    const hub = await api.post(`${V5}/hub`).send({ '@type': 'Hub', callback }).expect(201);
    const made = await api.post(`${V5}/category`).send({ '@type': 'Category', name: 'one' }).expect(201);
    const patch = { '@type': 'Category', name: 'two' };
    await api.patch(`${V5}/category/${made.body.id}`).send(patch).expect(200);
    const told = async () => {
      const all = (await api.get('/operations/hub').expect(200)).body as { id: string; delivered: number }[];
      return all.find(({ id }) => id === hub.body.id);
    };
    await eventually('both to be delivered', async () => (await told())?.delivered === 2);
    expect(await told()).not.toHaveProperty('lastError');
  });
});
