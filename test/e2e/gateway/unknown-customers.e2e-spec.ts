import { randomInt } from 'node:crypto';
import type { RunningComponent } from '@quotebridge/tmf/component';
import request from 'supertest';
import { startGatewaySuite, type GatewaySuite } from '../support/gateway-suite';
import { ORDERS_V5 } from '../support/orders-api';

const CUSTOMERS = '/tmf-api/customer/v5/customer';

describe('an order of a customer that is not there', () => {
  let suite: GatewaySuite;
  let gateway: RunningComponent;
  let taking: RunningComponent;
  let alone: RunningComponent;
  const nextNumber = (): number => randomInt(1, 2 ** 40);

  beforeAll(async () => {
    suite = await startGatewaySuite({ CONFIRM_WITHIN: '50ms' });
    await suite.sell('SP-1');
    const make = (more: object): Promise<unknown> =>
      request(suite.customers.url)
        .post(CUSTOMERS)
        .send({ '@type': 'Customer', name: 'Presses Ltd', status: 'Active', ...more })
        .expect(201)
        .then(({ body }) => body as unknown);
    await make({ engagedParty: PARTY, externalIdentifier: [numbered('10100001')] });
    [gateway, taking, alone] = await Promise.all([
      suite.start({ UNKNOWN_CUSTOMERS: 'refuse' }),
      suite.start({ UNKNOWN_CUSTOMERS: 'take' }),
      suite.start({ UNKNOWN_CUSTOMERS: 'refuse', CUSTOMER_URL: 'http://127.0.0.1:9' }),
    ]);
  }, 120_000);
  afterAll(async () => {
    await Promise.all([gateway, taking, alone].map((one) => one?.close()));
    await suite?.stop();
  });

  const PARTY = { '@type': 'PartyRef', '@referredType': 'Organization', id: 'org-1', name: 'Presses Ltd' };
  const numbered = (id: string) => ({
    '@type': 'ExternalIdentifier',
    owner: 's4hana',
    externalIdentifierType: 'customer',
    id,
  });
  const items = [{ part: 'SP-1', quantity: 1 }];
  const contract = (customer_id: string, order_number = nextNumber()) => ({
    customer_id,
    order_number,
    customer_email: 'buying@presses.example',
    payment_status: 'paid',
    items: items.map((item) => ({ ...item, unit_price: 5 })),
  });
  const full = (id: string, orderNumber = nextNumber()) => ({
    orderNumber,
    customer: { id, name: 'Presses Ltd' },
    items: items.map((item) => ({ ...item, unitPrice: 5 })),
  });
  const post = ({ url }: RunningComponent, path: string, body: object) => request(url).post(path).send(body);
  const placed = async (number: number): Promise<number> => {
    const owner = request(suite.ordering.orders?.url ?? '');
    const { body } = await owner
      .get(`${ORDERS_V5}/productOrder`)
      .query({ 'externalId.id': String(number) })
      .expect(200);
    return (body as unknown[]).length;
  };

  it.each<[string, string, (id: string, number: number) => object, string]>([
    ['in the words of the CRM', '/api/orders', contract, '/customer_id'],
    ['in the words of the CRM', '/api/v1/orders', contract, '/customer_id'],
    ['in the words of the CRM', '/api/v2/orders', contract, '/customer_id'],
    ['with its whole structure', '/api/orders', full, '/customer/id'],
    ['with its whole structure', '/api/v2/orders', full, '/customer/id'],
  ])('%s at %s is a 400 that says where, and nothing is placed', async (_what, path, body, place) => {
    const number = nextNumber();
    const refused = await post(gateway, path, body('99999999', number)).expect(400);
    expect(refused.body).toMatchObject({
      code: 'unknownCustomer',
      details: [{ path: place, message: expect.stringContaining('99999999') as string }],
      errorId: refused.headers['x-error-id'],
    });
    expect(await placed(number)).toBe(0);
    const taken = await post(gateway, path, body('10100001', number));
    expect([201, 202]).toContain(taken.status);
    expect(await placed(number)).toBe(1);
  });

  it('is taken where a setting says so, and is the same order when it comes again elsewhere', async () => {
    const body = contract('88888888');
    const first = await post(taking, '/api/v1/orders', body).expect(201);
    const again = await post(gateway, '/api/v1/orders', body).expect(200);
    expect(again.body).toEqual(first.body);
    await post(taking, '/api/v1/orders', full('88888888')).expect(202);
  });

  it('is taken while the customer component is away', async () => {
    const number = nextNumber();
    await post(alone, '/api/v1/orders', contract('99999999', number)).expect(201);
    expect(await placed(number)).toBe(1);
  });
});
