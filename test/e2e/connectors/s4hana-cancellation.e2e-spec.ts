import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@quotebridge/platform/core';
import { listDeadLetters } from '@quotebridge/platform/events';
import { eventually, toBePlayed } from './sandbox-control';
import { s4World } from './s4hana-world';

describe('a cancelled order in S/4HANA', () => {
  const world = s4World();

  beforeAll(async () => {
    await world.connector.runAll();
  });

  interface Placed {
    readonly order: JsonObject & { id: string };
    readonly number: string;
  }
  const place = async (): Promise<Placed> => {
    const placed = world.order();
    await world.publish(placed);
    await world.patched(placed.id);
    const [created] = await world.salesOrdersOf(placed.id);
    const number = String(created?.['SalesOrder']);
    const externalId = [
      {
        '@type': 'ExternalIdentifier',
        owner: world.instance,
        externalIdentifierType: 'salesOrder',
        id: number,
      },
    ];
    return { order: { ...placed, externalId }, number };
  };
  const tell = (
    { order: placed }: Placed,
    state: string,
    type = 'ProductOrderStateChangeEvent',
  ): Promise<void> => world.publish({ ...placed, state }, randomUUID(), type);
  const reasonsOf = async ({ number }: Placed): Promise<unknown[]> =>
    (await world.s4.table('A_SalesOrderItem'))
      .filter((row) => row['SalesOrder'] === number)
      .map((row) => row['SalesDocumentRjcnReason']);
  const stateOf = (placed: Placed, state: string): Promise<boolean> =>
    eventually(() => world.owner.resources.get(placed.order.id)?.['state'] === state || undefined);
  const rejections = async (): Promise<number> =>
    (await world.s4.requests()).filter(({ url }) => url.includes('API_SALES_ORDER_SRV/$batch')).length;

  const path = 'API_SALES_ORDER_SRV/$batch';
  it.each([
    ['without faults', []],
    ['when an answer is lost', [{ name: 'dropResponseAfterCommit', path }]],
    ['when an error comes after the commit', [{ name: 'respond5xxAfterCommit', path }]],
    ['when an answer is cut off', [{ name: 'truncateBody', path }]],
    ['when a request is lost', [{ name: 'dropRequest', path }]],
    ['when the token has expired', [{ name: 'expireToken', path }]],
    ['when the session has expired', [{ name: 'expireSession', path }]],
    ['when the system is down at first', [{ name: 'respond5xx', times: 3, path }]],
    ['when the system throttles', [{ name: 'respond429', retryAfterSeconds: 1, path }]],
    ['when the system fails in the middle of the change set', [{ name: 'failInChangeset', after: 1, path }]],
    ['when somebody else is changing it', [{ name: 'lockedByUser', times: 2, path }]],
    ['when somebody else has changed it meanwhile', [{ name: 'changedMeanwhile', times: 2, path }]],
    ['when the system takes no vague version', [{ name: 'wantsExactEtag', times: 'always', path }]],
  ])('has every item of its sales order rejected and is told so: %s', async (_name, faults) => {
    const placed = await place();
    for (const fault of faults) await world.s4.fault(fault);
    await tell(placed, 'pendingCancellation');
    await stateOf(placed, 'cancelled');
    expect(await reasonsOf(placed)).toEqual(['00', '00']);
    const [row] = await world.salesOrdersOf(placed.order.id);
    expect(row).toMatchObject({ OverallSDDocumentRejectionSts: 'C', TotalNetAmount: '0.00' });
    for (const name of toBePlayed(faults)) expect(await world.s4.played(name)).toBe(true);
  });

  it('is rejected once, however often it is told', async () => {
    const placed = await place();
    await world.s4.forget();
    await tell(placed, 'pendingCancellation');
    await stateOf(placed, 'cancelled');
    expect(await rejections()).toBe(1);
    await tell(placed, 'pendingCancellation');
    await tell(placed, 'cancelled');
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await rejections()).toBe(1);
  });

  it('whose number comes after the cancellation is rejected all the same', async () => {
    const placed = await place();
    await tell(placed, 'cancelled', 'ProductOrderAttributeValueChangeEvent');
    await eventually(async () => (await reasonsOf(placed)).every((reason) => reason === '00') || undefined);
  });

  it('keeps what was delivered, tells why, and leaves a dead letter', async () => {
    const placed = await place();
    await world.s4.post(`/__sandbox/orders/${placed.number}/advance`, { to: 'C' });
    await tell(placed, 'pendingCancellation');
    const told = await eventually(() => {
      const resource = world.owner.resources.get(placed.order.id);
      return resource?.['productOrderErrorMessage'] === undefined ? undefined : resource;
    });
    expect(told).toMatchObject({ productOrderErrorMessage: [{ code: 'erpNotCancelled' }] });
    expect(told['state']).not.toBe('cancelled');
    expect(await reasonsOf(placed)).toEqual(['', '']);
    const letter = await eventually(async () =>
      (await listDeadLetters(world.bus)).find(
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
