import { randomUUID } from 'node:crypto';
import { listDeadLetters } from '@quotebridge/platform/events';
import { eventually } from './sandbox-control';
import { s4World } from './s4hana-world';

describe('guarantee 4: an order is created in the ERP exactly once', () => {
  const world = s4World();

  beforeAll(async () => {
    await world.connector.runAll();
  });

  it.each([
    ['without faults', []],
    [
      'when the CSRF cookies are missing',
      [{ name: 'csrfWithoutCookie' }, { name: 'expireSession', method: 'POST' }],
    ],
  ])('%s', async (_name, faults) => {
    for (const fault of faults) await world.s4.fault(fault);
    const placed = world.order();
    await world.publish(placed);
    const patch = await world.patched(placed.id);
    // Long enough for a request that was given up to arrive after all.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    const created = await world.salesOrdersOf(placed.id);
    expect(created).toHaveLength(1);
    expect(patch).toMatchObject({
      state: 'inProgress',
      externalIdentifier: [
        { owner: world.instance, externalIdentifierType: 'salesOrder', id: created[0]?.['SalesOrder'] },
      ],
    });
    // 999.99 for three pieces does not divide into cents; the total must be exact all the same.
    expect(created[0]?.['TotalNetAmount']).toBe('1350.99');
  });

  it('when the event comes twice', async () => {
    const placed = world.order();
    const eventId = randomUUID();
    await world.publish(placed, eventId);
    await world.patched(placed.id);
    await world.publish(placed, eventId);
    await world.publish(placed);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    expect(await world.salesOrdersOf(placed.id)).toHaveLength(1);
  });

  it('an order that the ERP refuses is told to the order and kept as a dead letter with the reason', async () => {
    const placed = world.order('99999999');
    await world.publish(placed);
    const told = await eventually(() => world.owner.resources.get(placed.id));
    expect(told).toMatchObject({
      state: 'pending',
      productOrderErrorMessage: [{ message: expect.stringContaining('99999999') as string }],
    });
    const letter = await eventually(async () =>
      (await listDeadLetters(world.bus)).find(({ payload }) => payload.includes(placed.id)),
    );
    expect(letter.reason).toContain('VP/112');
    // The order says so itself: nobody is alarmed by the letter as well.
    expect(letter.told).toBe(true);
    expect(await world.salesOrdersOf(placed.id)).toHaveLength(0);
  });

  it('an order of offerings that are not ours is left alone', async () => {
    const foreign = { ...world.order(), productOrderItem: [world.item('1', 'NOT-OURS', 1, 5)] };
    await world.publish(foreign);
    const ours = world.order();
    await world.publish(ours);
    await world.patched(ours.id);
    expect(await world.salesOrdersOf(foreign.id)).toHaveLength(0);
  });

  it('the finished sales order completes the product order', async () => {
    const placed = world.order();
    await world.publish(placed);
    await world.patched(placed.id);
    const [created] = await world.salesOrdersOf(placed.id);
    await world.s4.post(`/__sandbox/orders/${String(created?.['SalesOrder'])}/advance`, { to: 'C' });
    await world.connector.runStream('orderStatuses');
    expect(world.owner.resources.get(placed.id)).toMatchObject({ state: 'completed' });
  });
});
