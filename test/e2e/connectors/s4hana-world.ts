import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { s4hana } from '@quotebridge/connectors/s4hana';
import { stableId, type JsonObject } from '@quotebridge/platform/core';
import { EventBus } from '@quotebridge/platform/events';
import {
  S4_SANDBOX_CREDENTIALS,
  S4_SANDBOX_SALES_AREA,
  startS4Sandbox,
  type S4SandboxOptions,
} from '@quotebridge/sandbox/s4hana';
import { ON_LOOPBACK } from './on-loopback';
import { Owner } from './owner';
import { control, eventually } from './sandbox-control';
import { sapUser } from './sap-user';
import { startServers, type Servers } from './servers';

/** The TMF resources that the connector publishes or reports to without a plant. */
export const S4_RESOURCES = [
  ...['organization', 'individual', 'customer', 'partyRole'],
  ...['productSpecification', 'productOfferingPrice', 'productOffering', 'productOrder'],
];

/** What a suite asks of its world beyond the usual. */
interface S4WorldOptions {
  readonly settings?: JsonObject;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly sandbox?: Partial<S4SandboxOptions>;
}

/** One connector on one sandbox for a whole suite, and somebody who orders. Registers the hooks of its suite. */
class S4World {
  readonly instance = `s4-${randomUUID().slice(0, 8)}`;
  bus!: EventBus;
  owner!: Owner;
  connector!: RunningConnector;
  s4!: ReturnType<typeof control>;
  private servers!: Servers;
  private sandbox!: Awaited<ReturnType<typeof startS4Sandbox>>;

  constructor(private readonly options: S4WorldOptions) {
    beforeAll(() => this.open());
    afterAll(() => this.close());
    afterEach(() => this.settle());
  }

  /** The connector, started anew on what it has left behind. */
  async start(): Promise<RunningConnector> {
    const { url } = this.sandbox;
    this.connector = await startConnector({
      definition: s4hana,
      instance: this.instance,
      settings: {
        baseUrl: url,
        client: '100',
        auth: {
          kind: 'clientCredentials',
          clientId: S4_SANDBOX_CREDENTIALS.clientId,
          tokenUrl: `${url}/sap/bc/sec/oauth2/token`,
        },
        salesOrganization: S4_SANDBOX_SALES_AREA.SalesOrganization,
        distributionChannel: S4_SANDBOX_SALES_AREA.DistributionChannel,
        pageSize: 17,
        attemptSeconds: 2,
        ...this.options.settings,
      },
      secrets: { clientSecret: S4_SANDBOX_CREDENTIALS.clientSecret, ...this.options.secrets },
      mongodbUri: this.servers.mongodbUri,
      database: `connector_${this.instance.replace('-', '_')}`,
      natsUrl: this.servers.natsUrl,
      ...ON_LOOPBACK,
      settleMs: 1_000,
      batchSize: 20,
    });
    return this.connector;
  }

  /** An address of the sandbox. */
  s4Url(path: string): string {
    return `${this.sandbox.url}${path}`;
  }

  /** Somebody works in the system. */
  write(method: string, path: string, body: JsonObject): Promise<void> {
    return sapUser(this.sandbox.url)(method, path, body);
  }

  /** Id of the offering that a material is. */
  offeringOf(material: string): string {
    return stableId(this.instance, 'productOffering', material);
  }

  /** An order of two materials, acknowledged. */
  order(customer = '10100001'): JsonObject & { id: string } {
    return {
      '@type': 'ProductOrder',
      id: randomUUID(),
      state: 'acknowledged',
      relatedParty: [
        {
          '@type': 'RelatedPartyOrPartyRole',
          role: 'customer',
          partyOrPartyRole: { '@type': 'PartyRef', id: customer, name: 'A customer' },
        },
      ],
      productOrderItem: [this.item('1', 'SP-2001', 3, 999.99), this.item('2', 'SC-2001', 1, 351)],
    };
  }

  /** An item of an order; `net` is for the whole quantity. */
  item(id: string, material: string, quantity: number, net: number): JsonObject {
    return {
      '@type': 'ProductOrderItem',
      id,
      action: 'add',
      quantity,
      productOffering: { '@type': 'ProductOfferingRef', id: this.offeringOf(material) },
      itemPrice: [
        {
          '@type': 'OrderPrice',
          priceType: 'oneTime',
          price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: net } },
        },
      ],
    };
  }

  async publish(
    resource: JsonObject & { id: string },
    eventId: string = randomUUID(),
    type = 'ProductOrderCreateEvent',
  ): Promise<void> {
    const envelope = {
      eventId,
      eventType: type,
      '@type': type,
      eventTime: new Date().toISOString(),
      event: { productOrder: resource },
    };
    await this.bus.publish(`tmf.TMF622.productOrder.${type}`, envelope, {
      id: `${eventId}-${randomUUID()}`,
      key: resource.id,
    });
  }

  async salesOrdersOf(id: string): Promise<JsonObject[]> {
    return (await this.s4.table('A_SalesOrder')).filter((row) => row['ExternalDocumentID'] === id);
  }

  /** What the order was told, once it knows its sales order. */
  patched(id: string): Promise<JsonObject> {
    return eventually(() => {
      const told = this.owner.resources.get(id);
      return told?.['externalIdentifier'] === undefined ? undefined : told;
    });
  }

  private async open(): Promise<void> {
    this.servers = await startServers();
    this.bus = await EventBus.connect({ servers: this.servers.natsUrl, name: 'test' });
    this.owner = await Owner.start(this.bus, this.instance, S4_RESOURCES);
    this.sandbox = await startS4Sandbox({
      port: 0,
      host: '127.0.0.1',
      pageSize: 10,
      ...this.options.sandbox,
    });
    this.s4 = control(this.sandbox.url);
    await this.start();
  }

  private async close(): Promise<void> {
    await this.connector?.stop();
    await this.sandbox?.close();
    await this.bus?.close();
    await this.servers?.stop();
  }

  private async settle(): Promise<void> {
    await this.s4.clear();
    this.owner.answers = true;
    this.owner.judge = () => [];
  }
}

/** The world of a suite. */
export const s4World = (options: S4WorldOptions = {}): S4World => new S4World(options);
