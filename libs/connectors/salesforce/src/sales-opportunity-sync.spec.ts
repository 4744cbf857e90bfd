import type { JsonObject } from '@quotebridge/platform/core';
import type { Note, Notes } from '@quotebridge/connectors/sdk';
import { SalesOpportunitySync } from './sales-opportunity-sync';
import type { SalesforceSettings } from './settings';

const settings = {
  fields: {},
  currency: 'EUR',
  multiCurrency: false,
  salesOwners: { amount: 'quotebridge', name: 'quotebridge' },
  stageBySalesStatus: { accepted: 'Closed Won', rejected: 'Closed Lost' },
} as unknown as SalesforceSettings;

/** An org that rounds amounts to cents, and the connector that keeps an opportunity as it is here. */
const world = (value: number) => {
  const kept = new Map<string, JsonObject>();
  const notes: Notes = {
    get: async (_kind, key) => kept.get(key),
    put: async (_kind, all: readonly Note[]) => all.forEach((one) => kept.set(one.key, one.value)),
    pages: async function* () {
      yield [];
    },
    clear: async () => kept.clear(),
  };
  const org = { record: { Id: '006', Name: 'A deal', Amount: 1 } as JsonObject, writes: 0 };
  const during = { write: async (): Promise<void> => undefined };
  const change = (fields: JsonObject): void => {
    const { Amount: amount = org.record['Amount'] } = fields;
    org.record = { ...org.record, ...fields, Amount: Math.round(Number(amount) * 100) / 100 };
  };
  const sync = new SalesOpportunitySync(
    {
      all: async () => [org.record],
      queryPart: () => 'query',
      composite: async ([{ body = {} } = {}]) => {
        org.writes += 1;
        change(body);
        const after = { records: [org.record] };
        await during.write();
        return new Map([['after', after]]);
      },
    },
    settings,
    { instance: 'crm', notes, externalIdOf: async () => undefined },
  );
  const resourceOf = (amount: number) => ({
    id: 's1',
    name: 'A deal',
    revenueEstimate: [{ amount: { unit: 'EUR', value: amount } }],
    externalIdentifier: [{ owner: 'crm', externalIdentifierType: 'opportunity', id: '006' }],
  });
  const hear = async (amount = value): Promise<void> => {
    const action = sync.action();
    const event = {
      eventId: '1',
      eventType: 'SalesOpportunityAttributeValueChangeEvent',
      eventTime: '2026-01-01T00:00:00Z',
      resource: resourceOf(amount),
    };
    if ((await action.lookup(event)) === undefined) await action.send(event);
  };
  return { org, change, during, hear, read: () => sync.putBack([org.record]) };
};

describe('what is owned here', () => {
  it.each([12.34, 9.999])(
    'is written once, also where the org makes something else of it: %s',
    async (value) => {
      const { org, hear, read } = world(value);
      await hear();
      for (let round = 0; round < 3; round += 1) {
        await read();
        await hear();
      }
      expect(org.writes).toBe(1);
    },
  );

  it('is put back when somebody changes it in the CRM, and what the org makes of it is let be again', async () => {
    const { org, hear, read, change } = world(9.999);
    await hear();
    change({ Amount: 5, Name: 'Another deal' });
    for (let round = 0; round < 3; round += 1) await read();
    expect([org.writes, org.record]).toEqual([2, { Id: '006', Name: 'A deal', Amount: 10 }]);
  });

  it('is put back also when somebody changes it right behind our write: the org has not made that of it', async () => {
    const { org, hear, read, change, during } = world(7);
    during.write = async () => {
      during.write = async () => undefined;
      change({ Amount: 5 });
    };
    await hear();
    expect(org.record['Amount']).toBe(5);
    await read();
    expect(org.record['Amount']).toBe(7);
  });

  it('is what was heard last, also when that is heard while what was before is put back', async () => {
    const { org, hear, read, change, during } = world(7);
    await hear();
    change({ Amount: 5 });
    during.write = async () => {
      during.write = async () => undefined;
      await hear(8);
      // The older write reaches the org after the newer one.
      change({ Amount: 7 });
    };
    await read();
    await read();
    expect(org.record['Amount']).toBe(8);
  });
});
