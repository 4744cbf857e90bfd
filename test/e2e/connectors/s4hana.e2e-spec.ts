import { randomUUID } from 'node:crypto';
import { startConnector, type RunningConnector } from '@quotebridge/connectors/runtime';
import { s4hana } from '@quotebridge/connectors/s4hana';
import type { JsonObject } from '@quotebridge/platform/core';
import { EventBus, listDeadLetters } from '@quotebridge/platform/events';
import { createLogger } from '@quotebridge/platform/telemetry';
import { S4_SANDBOX_CREDENTIALS, S4_SANDBOX_SALES_AREA, startS4Sandbox } from '@quotebridge/sandbox/s4hana';
import { stableId } from '@quotebridge/platform/core';
import { validatorFor } from '@quotebridge/tmf-specs';
import { Owner } from './owner';
import { control, eventually } from './sandbox-control';
import { sapUser } from './sap-user';
import { startServers, type Servers } from './servers';

type Sandbox = Awaited<ReturnType<typeof startS4Sandbox>>;

const INSTANCE = `s4-${randomUUID().slice(0, 8)}`;
const PARTNERS = ['organizations', 'individuals', 'customers', 'suppliers'];
const RESOURCES = [
  ...['organization', 'individual', 'customer', 'partyRole'],
  ...['productSpecification', 'productOfferingPrice', 'productOffering', 'productOrder'],
];

describe('the S/4HANA connector on its sandbox', () => {
  let servers: Servers;
  let bus: EventBus;
  let owner: Owner;
  let sandbox: Sandbox;
  let connector: RunningConnector;
  let s4: ReturnType<typeof control>;

  const start = (): Promise<RunningConnector> =>
    startConnector({
      definition: s4hana,
      instance: INSTANCE,
      settings: {
        baseUrl: sandbox.url,
        client: '100',
        auth: {
          kind: 'clientCredentials',
          clientId: S4_SANDBOX_CREDENTIALS.clientId,
          tokenUrl: `${sandbox.url}/sap/bc/sec/oauth2/token`,
        },
        salesOrganization: S4_SANDBOX_SALES_AREA.SalesOrganization,
        distributionChannel: S4_SANDBOX_SALES_AREA.DistributionChannel,
        pageSize: 17,
        attemptSeconds: 2,
      },
      secrets: { clientSecret: S4_SANDBOX_CREDENTIALS.clientSecret },
      mongodbUri: servers.mongodbUri,
      database: `connector_${INSTANCE.replace('-', '_')}`,
      natsUrl: servers.natsUrl,
      host: '127.0.0.1',
      port: 0,
      outbound: { allow: ['loopback'] },
      logger: createLogger({ service: 'test', level: 'silent' }),
      settleMs: 1_000,
      batchSize: 20,
    });

  beforeAll(async () => {
    servers = await startServers();
    bus = await EventBus.connect({ servers: servers.natsUrl, name: 'test' });
    owner = await Owner.start(bus, INSTANCE, RESOURCES);
    sandbox = await startS4Sandbox({ port: 0, host: '127.0.0.1', pageSize: 10 });
    s4 = control(sandbox.url);
    connector = await start();
  });
  afterAll(async () => {
    await connector?.stop();
    await sandbox?.close();
    await bus?.close();
    await servers?.stop();
  });
  afterEach(async () => {
    await s4.clear();
    owner.answers = true;
    owner.judge = () => [];
  });

  const write = (method: string, path: string, body: JsonObject): Promise<void> =>
    sapUser(sandbox.url)(method, path, body);

  const offeringOf = (material: string): string => stableId(INSTANCE, 'productOffering', material);

  const order = (customer = '10100001'): JsonObject & { id: string } => ({
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
    productOrderItem: [item('1', 'SP-2001', 3, 999.99), item('2', 'SC-2001', 1, 351)],
  });

  const item = (id: string, material: string, quantity: number, net: number): JsonObject => ({
    '@type': 'ProductOrderItem',
    id,
    action: 'add',
    quantity,
    productOffering: { '@type': 'ProductOfferingRef', id: offeringOf(material) },
    itemPrice: [
      {
        '@type': 'OrderPrice',
        priceType: 'oneTime',
        price: { '@type': 'Price', dutyFreeAmount: { unit: 'EUR', value: net } },
      },
    ],
  });

  const publish = async (
    resource: JsonObject & { id: string },
    eventId: string = randomUUID(),
    type = 'ProductOrderCreateEvent',
  ): Promise<void> => {
    await bus.publish(
      `tmf.TMF622.productOrder.${type}`,
      {
        eventId,
        eventType: type,
        '@type': type,
        eventTime: new Date().toISOString(),
        event: { productOrder: resource },
      },
      { id: `${eventId}-${randomUUID()}`, key: resource.id },
    );
  };

  const salesOrdersOf = async (id: string): Promise<JsonObject[]> =>
    (await s4.table('A_SalesOrder')).filter((row) => row['ExternalDocumentID'] === id);

  const patched = (id: string): Promise<JsonObject> =>
    eventually(() =>
      owner.resources.get(id)?.['externalIdentifier'] === undefined ? undefined : owner.resources.get(id),
    );

  describe('streams', () => {
    it('every material and list price becomes a valid, launched resource that refers only to what is there', async () => {
      const runs = await connector.runAll();
      expect(runs.map(({ stream, state, error }) => [stream, state, error])).toEqual([
        ['orderStatuses', 'succeeded', undefined],
        ...PARTNERS.map((name) => [name, 'succeeded', undefined]),
        ['productSpecifications', 'succeeded', undefined],
        ['productOfferingPrices', 'succeeded', undefined],
        ['productOfferings', 'succeeded', undefined],
      ]);
      const materials = await s4.table('A_Product');
      const offerings = owner.ofType('ProductOffering');
      expect(owner.ofType('ProductSpecification')).toHaveLength(materials.length);
      expect(offerings).toHaveLength(materials.length);
      for (const [type, list] of Object.entries({
        ProductOffering: offerings,
        ProductOfferingPrice: owner.ofType('ProductOfferingPrice'),
        ProductSpecification: owner.ofType('ProductSpecification'),
      })) {
        const validate = validatorFor('TMF620', 'v5', type);
        expect(list.flatMap(validate)).toEqual([]);
      }
      for (const offering of offerings) {
        expect(offering['lifecycleStatus']).toBe('Launched');
        const prices = offering['productOfferingPrice'] as { id: string }[];
        expect(prices.length).toBeGreaterThan(0);
        for (const { id } of prices) expect(owner.resources.get(id)?.['lifecycleStatus']).toBe('Launched');
      }
    });

    it('the order of publishing is specifications, prices, offerings', () => {
      const order = owner.batches.map(({ resource }) => resource);
      expect([...order].sort((a, b) => RESOURCES.indexOf(a) - RESOURCES.indexOf(b))).toEqual(order);
    });

    it('a second run reads the overlap and publishes nothing', async () => {
      const before = owner.batches.length;
      const runs = await connector.runAll();
      expect(
        runs.every(({ state, counts }) => state === 'succeeded' && counts.created + counts.updated === 0),
      ).toBe(true);
      expect(owner.batches).toHaveLength(before);
    });

    it('a changed price is the only thing that a delta publishes', async () => {
      const before = owner.batches.length;
      await write('PATCH', "API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgConditionRecord('0000000001')", {
        ConditionRateValue: '190000.00',
      });
      await connector.runAll();
      const records = owner.batches.slice(before).flatMap((batch) => batch.records);
      expect(records.map(({ resource }) => resource['price'])).toEqual([{ unit: 'EUR', value: 190000 }]);
    });

    it('a deleted price leaves the offering without it, unsellable', async () => {
      await write('PATCH', "API_SLSPRICINGCONDITIONRECORD_SRV/A_SlsPrcgConditionRecord('0000000002')", {
        ConditionIsDeleted: true,
      });
      await connector.runAll();
      expect(owner.resources.get(offeringOf('HP-400'))).toMatchObject({
        isSellable: false,
        productOfferingPrice: [],
      });
    });

    it('a record that the owner refuses is quarantined, passes the checkpoint, and is accepted by a replay', async () => {
      owner.judge = (record) =>
        record.externalId === 'SP-9001' ? [{ path: '/name', message: 'is not liked today' }] : [];
      await write('POST', 'API_PRODUCT_SRV/A_Product', {
        Product: 'SP-9001',
        ProductType: 'ERSA',
        BaseUnit: 'PC',
      });
      const run = await connector.runStream('productSpecifications');
      expect(run).toMatchObject({ state: 'succeeded', counts: { rejected: 1, created: 0 } });
      const listed = async (): Promise<JsonObject[]> =>
        (await (
          await fetch(`${connector.url}/quarantine?stream=productSpecifications`)
        ).json()) as JsonObject[];
      expect(await listed()).toMatchObject([
        { externalId: 'SP-9001', faults: [{ message: 'is not liked today' }] },
      ]);
      owner.judge = () => [];
      const replay = await fetch(`${connector.url}/quarantine/productSpecifications/replay?wait=true`, {
        method: 'POST',
      });
      expect(await replay.json()).toMatchObject({ trigger: 'replay', counts: { created: 1 } });
      expect(await listed()).toEqual([]);
    });

    it('guarantee 5: the checkpoint stays when the owner does not answer, and the next run loses nothing', async () => {
      await write('POST', 'API_PRODUCT_SRV/A_Product', {
        Product: 'SP-9002',
        ProductType: 'ERSA',
        BaseUnit: 'PC',
      });
      owner.answers = false;
      const running = connector.runStream('productSpecifications');
      await eventually(() =>
        owner.batches.find(({ records }) => records.some(({ externalId }) => externalId === 'SP-9002')),
      );
      const stopped = connector.stop();
      owner.answers = true;
      await Promise.allSettled([running, stopped]);
      connector = await start();
      await connector.runStream('productSpecifications');
      expect(owner.resources.has(stableId(INSTANCE, 'productSpecification', 'SP-9002'))).toBe(true);
    });

    it('a next link to another host is refused with a reason', async () => {
      await s4.fault({ name: 'foreignNextLink', times: 'always' });
      const response = await fetch(`${connector.url}/streams/productOfferings/run`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mode: 'full', wait: true }),
      });
      expect(await response.json()).toMatchObject({
        state: 'failed',
        error: expect.stringContaining('the next link points to') as string,
      });
    });
  });

  describe('guarantee 4: an order is created in the ERP exactly once', () => {
    it.each([
      ['without faults', []],
      [
        'when the CSRF cookies are missing',
        [{ name: 'csrfWithoutCookie' }, { name: 'expireSession', method: 'POST' }],
      ],
    ])('%s', async (_name, faults) => {
      for (const fault of faults) await s4.fault(fault);
      const placed = order();
      await publish(placed);
      const patch = await patched(placed.id);
      // Long enough for a request that was given up to arrive after all.
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      const created = await salesOrdersOf(placed.id);
      expect(created).toHaveLength(1);
      expect(patch).toMatchObject({
        state: 'inProgress',
        externalIdentifier: [
          { owner: INSTANCE, externalIdentifierType: 'salesOrder', id: created[0]?.['SalesOrder'] },
        ],
      });
      // 999.99 for three pieces does not divide into cents; the total must be exact all the same.
      expect(created[0]?.['TotalNetAmount']).toBe('1350.99');
    });

    it('when the event comes twice', async () => {
      const placed = order();
      const eventId = randomUUID();
      await publish(placed, eventId);
      await patched(placed.id);
      await publish(placed, eventId);
      await publish(placed);
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(await salesOrdersOf(placed.id)).toHaveLength(1);
    });

    it('an order that the ERP refuses is told to the order and kept as a dead letter with the reason', async () => {
      const placed = order('99999999');
      await publish(placed);
      const told = await eventually(() => owner.resources.get(placed.id));
      expect(told).toMatchObject({
        state: 'pending',
        productOrderErrorMessage: [{ message: expect.stringContaining('99999999') as string }],
      });
      const letter = await eventually(async () =>
        (await listDeadLetters(bus)).find(({ payload }) => payload.includes(placed.id)),
      );
      expect(letter.reason).toContain('VP/112');
      // The order says so itself: nobody is alarmed by the letter as well.
      expect(letter.told).toBe(true);
      expect(await salesOrdersOf(placed.id)).toHaveLength(0);
    });

    it('an order of offerings that are not ours is left alone', async () => {
      const foreign = { ...order(), productOrderItem: [item('1', 'NOT-OURS', 1, 5)] };
      await publish(foreign);
      const ours = order();
      await publish(ours);
      await patched(ours.id);
      expect(await salesOrdersOf(foreign.id)).toHaveLength(0);
    });

    it('the finished sales order completes the product order', async () => {
      const placed = order();
      await publish(placed);
      await patched(placed.id);
      const [created] = await salesOrdersOf(placed.id);
      await s4.post(`/__sandbox/orders/${String(created?.['SalesOrder'])}/advance`, { to: 'C' });
      await connector.runStream('orderStatuses');
      expect(owner.resources.get(placed.id)).toMatchObject({ state: 'completed' });
    });
  });

  describe('a cancelled order', () => {
    beforeAll(async () => {
      await connector.runAll();
    });

    interface Placed {
      readonly order: JsonObject & { id: string };
      readonly number: string;
    }
    const place = async (): Promise<Placed> => {
      const placed = order();
      await publish(placed);
      await patched(placed.id);
      const [created] = await salesOrdersOf(placed.id);
      const number = String(created?.['SalesOrder']);
      const externalId = [
        { '@type': 'ExternalIdentifier', owner: INSTANCE, externalIdentifierType: 'salesOrder', id: number },
      ];
      return { order: { ...placed, externalId }, number };
    };
    const tell = (
      { order: placed }: Placed,
      state: string,
      type = 'ProductOrderStateChangeEvent',
    ): Promise<void> => publish({ ...placed, state }, randomUUID(), type);
    const reasonsOf = async ({ number }: Placed): Promise<unknown[]> =>
      (await s4.table('A_SalesOrderItem'))
        .filter((row) => row['SalesOrder'] === number)
        .map((row) => row['SalesDocumentRjcnReason']);
    const stateOf = (placed: Placed, state: string): Promise<boolean> =>
      eventually(() => owner.resources.get(placed.order.id)?.['state'] === state || undefined);
    const rejections = async (): Promise<number> =>
      (await s4.requests()).filter(
        ({ method, url }) => method === 'PATCH' && url.includes('A_SalesOrderItem'),
      ).length;

    it.each([
      ['without faults', []],
      ['when an answer is lost', [{ name: 'dropResponseAfterCommit', path: 'A_SalesOrderItem' }]],
      ['when a request is lost', [{ name: 'dropRequest', method: 'PATCH', path: 'A_SalesOrderItem' }]],
      [
        'when the session has expired',
        [{ name: 'expireSession', method: 'PATCH', path: 'A_SalesOrderItem' }],
      ],
      ['when the system is down at first', [{ name: 'respond5xx', times: 3, path: 'A_SalesOrderItem' }]],
      ['when somebody else is changing it', [{ name: 'lockedByUser', times: 2, path: 'A_SalesOrderItem' }]],
    ])('has every item of its sales order rejected and is told so: %s', async (_name, faults) => {
      const placed = await place();
      for (const fault of faults) await s4.fault(fault);
      await tell(placed, 'pendingCancellation');
      await stateOf(placed, 'cancelled');
      expect(await reasonsOf(placed)).toEqual(['00', '00']);
      const [row] = await salesOrdersOf(placed.order.id);
      expect(row).toMatchObject({ OverallSDDocumentRejectionSts: 'C', TotalNetAmount: '0.00' });
    });

    it('is rejected once, however often it is told', async () => {
      const placed = await place();
      await s4.forget();
      await tell(placed, 'pendingCancellation');
      await stateOf(placed, 'cancelled');
      expect(await rejections()).toBe(2);
      await tell(placed, 'pendingCancellation');
      await tell(placed, 'cancelled');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(await rejections()).toBe(2);
    });

    it('whose number comes after the cancellation is rejected all the same', async () => {
      const placed = await place();
      await tell(placed, 'cancelled', 'ProductOrderAttributeValueChangeEvent');
      await eventually(async () => (await reasonsOf(placed)).every((reason) => reason === '00') || undefined);
    });

    it('keeps what was delivered, tells why, and leaves a dead letter', async () => {
      const placed = await place();
      await s4.post(`/__sandbox/orders/${placed.number}/advance`, { to: 'C' });
      await tell(placed, 'pendingCancellation');
      const told = await eventually(() => {
        const resource = owner.resources.get(placed.order.id);
        return resource?.['productOrderErrorMessage'] === undefined ? undefined : resource;
      });
      expect(told).toMatchObject({ productOrderErrorMessage: [{ code: 'erpNotCancelled' }] });
      expect(told['state']).not.toBe('cancelled');
      expect(await reasonsOf(placed)).toEqual(['', '']);
      const letter = await eventually(async () =>
        (await listDeadLetters(bus)).find(
          ({ payload, reason }) => payload.includes(placed.order.id) && reason.includes('no open item'),
        ),
      );
      expect(letter.reason).toContain(placed.number);
    });

    it('of another state or another system is left alone', async () => {
      const placed = await place();
      await tell(placed, 'assessingCancellation');
      await tell(placed, 'held');
      const foreign = { ...placed, order: { ...placed.order, externalId: [] } };
      await tell(foreign, 'cancelled');
      const ours = await place();
      await tell(ours, 'pendingCancellation');
      await stateOf(ours, 'cancelled');
      expect(await reasonsOf(placed)).toEqual(['', '']);
    });
  });
});
