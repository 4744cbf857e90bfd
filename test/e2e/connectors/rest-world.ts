import { randomUUID } from 'node:crypto';
import { rest } from '@quotebridge/connectors/rest';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import type { RunRecord } from '@quotebridge/connectors/sdk';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus, type IngestBatch } from '@quotebridge/platform/events';
import type { Sandbox } from '@quotebridge/sandbox/core';
import { REST_SANDBOX_CREDENTIALS, startRestSandbox } from '@quotebridge/sandbox/rest';
import { settingsOfGuide } from './guide-settings';
import { ON_LOOPBACK } from './on-loopback';
import { Owner } from './owner';
import { control } from './sandbox-control';
import { startServers, type Servers } from './servers';

/** Signs the messages of the supplier. */
export const WEBHOOK_SECRET = 'a secret of both sides';
const { clientSecret, refreshToken, apiKey, password } = REST_SANDBOX_CREDENTIALS;
const SECRETS = { clientSecret, refreshToken, apiKey, password, 'webhook-parts': WEBHOOK_SECRET };

/** A connector of its own for each test, on the API of a supplier that begins anew. Registers the hooks of its suite. */
class RestWorld {
  instance = '';
  bus!: EventBus;
  sandbox!: Sandbox;
  api!: ReturnType<typeof control>;
  owner!: Owner;
  connector: RunningConnector | undefined;
  private servers!: Servers;

  constructor() {
    beforeAll(() => this.open());
    afterAll(() => this.close());
    beforeEach(() => this.begin());
    afterEach(() => this.end());
  }

  /** The settings of the guide with changes of the stream and of the rest. */
  settings(stream: JsonObject = {}, more: JsonObject = {}): JsonObject {
    const guide = settingsOfGuide('rest.md', { 'http://127.0.0.1:8446': this.sandbox.url });
    const [first] = guide['streams'] as JsonObject[];
    return { ...guide, attemptSeconds: 1, ...more, streams: [{ ...first, ...stream }] };
  }

  async start(settings: JsonObject = this.settings()): Promise<RunningConnector> {
    this.connector = await startConnector({
      definition: rest,
      instance: this.instance,
      settings,
      secrets: SECRETS,
      mongodbUri: this.servers.mongodbUri,
      database: `connector_${this.instance}`,
      natsUrl: this.servers.natsUrl,
      ...ON_LOOPBACK,
      settleMs: 1_000,
    });
    return this.connector;
  }

  run(): Promise<RunRecord> {
    if (this.connector === undefined) throw new Error('not started');
    return this.connector.runStream('supplierParts');
  }

  async oneRun(stream?: JsonObject, more?: JsonObject): Promise<RunRecord> {
    await this.start(this.settings(stream, more));
    return this.run();
  }

  /** Changes a part at the supplier. */
  async change(number: string, body: JsonObject): Promise<void> {
    const reply = await fetch(`${this.sandbox.url}/api/parts/${number}`, {
      method: 'PATCH',
      headers: { 'x-api-key': apiKey },
      body: JSON.stringify(body),
    });
    if (!reply.ok) throw new Error(await reply.text());
  }

  /** Batches of parts; events that other tests left behind cause others. */
  partBatches(): IngestBatch[] {
    return this.owner.batches.filter(({ resource }) => resource === 'productSpecification');
  }

  idOf(number: string): string {
    return stableId(this.instance, 'productSpecification', number);
  }

  private async open(): Promise<void> {
    this.servers = await startServers();
    this.bus = await EventBus.connect({ servers: this.servers.natsUrl, name: 'test' });
    this.sandbox = await startRestSandbox({ host: '127.0.0.1', port: 0, size: 0.2 });
    this.api = control(this.sandbox.url);
  }

  private async close(): Promise<void> {
    await this.sandbox?.close();
    await this.bus?.close();
    await this.servers?.stop();
  }

  private async begin(): Promise<void> {
    this.instance = `rest-${randomUUID().slice(0, 8)}`;
    this.owner = await Owner.start(this.bus, this.instance, ['productSpecification', 'productOrder']);
    await this.api.post('/__sandbox/reset', {});
  }

  private async end(): Promise<void> {
    await this.connector?.stop();
    this.connector = undefined;
    await this.owner?.stop();
  }
}

/** The world of a suite. */
export const restWorld = (): RestWorld => new RestWorld();
