import type { ActionEvent } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { restAction } from './action';
import type { RestAction } from './settings';

const ORDER: RestAction = {
  name: 'order',
  events: ['TMF622.productOrder.ProductOrderStateChangeEvent'],
  effect: 'once',
  key: '{resource.id}',
  send: {
    method: 'PUT',
    path: '/orders/{resource.id}',
    headers: { 'x-event': '{eventId}' },
    body: { quantity: '{resource.quantity}', customer: '{external:resource.customer}', at: '{eventTime}' },
  },
  results: [],
  refused: [{ resource: 'productOrder', id: '{resource.id}', patch: { note: '{at}: {reason}' } }],
};

type Said = JsonObject & { readonly id?: string };

const asked = async (
  action: RestAction,
  eventId: string,
  { id = '42', ...resource }: Said,
): Promise<unknown> => {
  const client = { call: () => Promise.reject(new Error('nothing is to be sent')) };
  const made = restAction(action, client, { externalIdOf: async (id) => `C-${id}` });
  const event: ActionEvent = {
    eventId,
    eventType: 'ProductOrderStateChangeEvent',
    eventTime: `2026-11-23T08:00:0${eventId}Z`,
    resource: { ...resource, id },
  };
  return made.asks?.(event);
};

describe('a call that is refused', () => {
  it('is the same for each event in which the resource says the same, whatever was told to it', async () => {
    const first = await asked(ORDER, '1', { quantity: 2, customer: '7' });
    expect(first).toContain('C-7');
    expect(await asked(ORDER, '2', { quantity: 2, customer: '7', note: '08:00: blocked' })).toBe(first);
  });

  it.each<[string, Said]>([
    ['body', { quantity: 3, customer: '7' }],
    ['record', { quantity: 2, customer: '8' }],
    ['path', { id: '43', quantity: 2, customer: '7' }],
  ])('is another one for another %s', async (_what, resource) => {
    const first = await asked(ORDER, '1', { quantity: 2, customer: '7' });
    expect(await asked(ORDER, '2', resource)).not.toBe(first);
  });

  it('may come again with each event where nobody is told of it', async () => {
    expect(await asked({ ...ORDER, refused: [] }, '1', {})).toBeUndefined();
  });
});
