import { createHmac, randomUUID } from 'node:crypto';
import { productCatalog, productCatalogSettings } from '@quotebridge/components/product-catalog';
import { rest } from '@quotebridge/connectors/rest';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { loadSettings } from '@quotebridge/platform/config';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { REST_SANDBOX_CREDENTIALS, startRestSandbox } from '@quotebridge/sandbox/rest';
import { startComponent } from '@quotebridge/tmf/component';
import { settingsOfGuide } from './guide-settings';
import { ON_LOOPBACK } from './on-loopback';
import { componentEnv, startServers, type Servers } from './servers';

const { clientSecret } = REST_SANDBOX_CREDENTIALS;
const WEBHOOK_SECRET = 'a secret of both sides';
/** A hundredth of the list. */
const PARTS = 20;

/** An instance of the REST connector, and what it is called. */
interface Source {
  readonly instance: string;
  readonly connector: RunningConnector;
}

describe('sources of the same parts, and the catalog', () => {
  const closers: (() => Promise<unknown>)[] = [];
  let servers: Servers;
  let catalog: string;
  let sandboxUrl: string;
  /** Kind of the identifiers of a test: parts of other tests are other parts. */
  let kind: string;

  beforeAll(async () => {
    servers = await startServers();
    closers.push(() => servers.stop());
    const env = componentEnv(servers)(`shared-${randomUUID().slice(0, 8)}`);
    const component = await startComponent(productCatalog, loadSettings(productCatalogSettings, env));
    closers.push(() => component.close());
    catalog = `${component.addresses['TMF620/v5'] ?? ''}/productSpecification`;
    const sandbox = await startRestSandbox({ host: '127.0.0.1', port: 0, size: PARTS / 2_000 });
    closers.push(() => sandbox.close());
    sandboxUrl = sandbox.url;
  });
  afterAll(async () => {
    for (const close of closers.reverse()) await close();
  });
  beforeEach(() => {
    kind = `part-${randomUUID().slice(0, 8)}`;
  });

  /** A connector that brings the parts under its own name as their brand. */
  const source = async (
    name: string,
    more: (instance: string) => JsonObject = () => ({}),
  ): Promise<Source> => {
    const instance = `${name}-${randomUUID().slice(0, 8)}`;
    const guide = settingsOfGuide('rest.md', { 'http://127.0.0.1:8446': sandboxUrl });
    const [first = {}] = guide['streams'] as JsonObject[];
    const fields = { ...(first['fields'] as JsonObject), brand: { constant: instance } };
    const connector = await startConnector({
      definition: rest,
      instance,
      settings: { ...guide, streams: [{ ...first, idType: kind, fields, ...more(instance) }] },
      secrets: { clientSecret, 'webhook-parts': WEBHOOK_SECRET },
      mongodbUri: servers.mongodbUri,
      database: `connector_${instance}`,
      natsUrl: servers.natsUrl,
      ...ON_LOOPBACK,
    });
    closers.push(() => connector.stop());
    return { instance, connector };
  };
  const load = ({ connector }: Source) => connector.runStream('supplierParts');
  const brands = async (): Promise<string[]> => {
    const url = `${catalog}?externalIdentifier.externalIdentifierType=${kind}&limit=${PARTS * 3}`;
    const found = (await (await fetch(url)).json()) as JsonObject[];
    return found.map(({ brand }) => String(brand));
  };
  const sameParts = (): JsonObject => ({ naturalKeys: [{ externalIdentifierType: kind }] });
  const all = (value: string): string[] => Array.from({ length: PARTS }, () => value);

  it('are as many parts as sources where nothing says that they are the same', async () => {
    for (const name of ['one', 'other'])
      expect(await load(await source(name))).toMatchObject({ counts: { created: PARTS } });
    expect(await brands()).toHaveLength(2 * PARTS);
  });

  it.each<[string, (first: string, own: string) => JsonObject, 'first' | 'second']>([
    ['the last one where no rule is given', () => ({}), 'second'],
    [
      'the one further up in the order',
      (first, own) => ({ conflict: { rule: 'priority', order: [first, own] } }),
      'first',
    ],
    [
      'the later one where it is further up',
      (first, own) => ({ conflict: { rule: 'priority', order: [own, first] } }),
      'second',
    ],
    ['the newest, by the time in the record', () => ({ conflict: { rule: 'newest' } }), 'second'],
  ])('are one part by a natural key, and %s wins', async (_name, conflict, winner) => {
    const first = await source('one');
    await load(first);
    const second = await source('other', (own) => ({ ...sameParts(), ...conflict(first.instance, own) }));
    expect(await load(second)).toMatchObject({ state: 'succeeded', counts: { created: 0, rejected: 0 } });
    expect(await brands()).toEqual(all(winner === 'first' ? first.instance : second.instance));
  });

  it('wait for a person where the settings say so, who may decide for the later one', async () => {
    const first = await source('one');
    await load(first);
    const second = await source('other', () => ({ ...sameParts(), conflict: { rule: 'manual' } }));
    expect(await load(second)).toMatchObject({ counts: { created: 0, rejected: PARTS } });
    expect(await brands()).toEqual(all(first.instance));
    const decided = await fetch(
      `${second.connector.url}/quarantine/supplierParts/replay?wait=true&overrule=true`,
      { method: 'POST' },
    );
    expect(await decided.json()).toMatchObject({ state: 'succeeded', counts: { rejected: 0 } });
    expect(await brands()).toEqual(all(second.instance));
  });

  it('a message that was overtaken by a newer one changes nothing', async () => {
    const { connector, instance } = await source('one');
    await load({ connector, instance });
    const send = async (changedAt: string, text: string): Promise<unknown> => {
      const part = { number: 'ET-100001', texts: { en: text }, status: 'A', changedAt };
      const body = JSON.stringify({ data: { parts: [part] } });
      const time = String(Math.floor(Date.now() / 1_000));
      const signature = createHmac('sha256', WEBHOOK_SECRET).update(`${time}.${body}`).digest('hex');
      const headers = { 'x-timestamp': time, 'x-signature': signature, 'x-delivery-id': text };
      return (await fetch(`${connector.url}/webhooks/parts`, { method: 'POST', body, headers })).json();
    };
    expect(await send('2999-01-02T00:00:00Z', 'newer')).toMatchObject({ counts: { updated: 1 } });
    expect(await send('2999-01-01T00:00:00Z', 'older')).toMatchObject({
      counts: { updated: 0, rejected: 0 },
    });
    const id = stableId(instance, 'productSpecification', 'ET-100001');
    expect(await (await fetch(`${catalog}/${id}`)).json()).toMatchObject({ name: 'newer' });
  });
});
