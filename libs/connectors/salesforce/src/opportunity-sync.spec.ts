import type { JsonObject } from '@quotebridge/platform/core';
import { mapQuote } from './mapping/quote';
import { OpportunitySync } from './opportunity-sync';
import type { CompositePart } from './rest-client';
import { settingsSchema, type SalesforceSettings } from './settings';
import { MemoryStores } from '../../sdk/src/testing/memory-stores';

const defaults = (name: string): unknown =>
  ((settingsSchema['properties'] as JsonObject)[name] as JsonObject)['default'];
const settings = {
  offeringSource: 'erp',
  customerNumberField: 'AccountNumber',
  stages: [],
  stageByQuoteState: defaults('stageByQuoteState'),
  quoteStateByStage: defaults('quoteStateByStage'),
  deletedOpportunity: 'cancelled',
  owners: { price: 'quotebridge', stage: 'quotebridge' },
  fields: {},
  currency: 'EUR',
  multiCurrency: false,
} as unknown as SalesforceSettings;

/** One opportunity of an org, with the connector that keeps it as its quote says. */
class World {
  opportunity: JsonObject = { Id: '006', StageName: 'Negotiation/Review', IsClosed: false };
  /** What happens between a look and the write that follows it, once. */
  meanwhile: () => Promise<void> = async () => undefined;
  private time = Date.parse('2026-01-01T00:00:00Z');
  private readonly sync: OpportunitySync;

  constructor(fields: SalesforceSettings['fields'] = {}) {
    this.sync = this.synced({ ...settings, fields });
  }

  private synced = (own: SalesforceSettings): OpportunitySync =>
    new OpportunitySync(
      {
        all: async (soql) =>
          soql.includes('OpportunityHistory') ? this.historyFor(soql) : [this.opportunity],
        query: async function* () {
          yield [];
        },
        queryPart: () => 'query',
        composite: async (parts: readonly CompositePart[]) => {
          await this.beforeWrite();
          for (const { method, body = {} } of parts) if (method === 'PATCH') this.change(body);
          return new Map([['read', { records: [this.opportunity] }]]);
        },
      },
      own,
      new MemoryStores().notes,
    );

  private async beforeWrite(): Promise<void> {
    const { meanwhile } = this;
    this.meanwhile = async () => undefined;
    await meanwhile();
  }

  private readonly history: { readonly stage: unknown; readonly at: string }[] = [];

  private historyFor(soql: string): readonly JsonObject[] {
    const [, stage = '', since = ''] = /StageName != '(.*)' AND CreatedDate > (\S+)/.exec(soql) ?? [];
    return this.history
      .filter((one) => one.stage !== stage && Date.parse(one.at) > Date.parse(since))
      .map(({ at }) => ({ CreatedDate: at }));
  }

  /** A run reads the opportunity. */
  run(): Promise<void> {
    return this.sync.putBack([this.opportunity]);
  }

  change(fields: JsonObject): void {
    const IsClosed = String(fields['StageName'] ?? this.opportunity['StageName']).startsWith('Closed');
    const SystemModstamp = new Date((this.time += 1_000)).toISOString();
    this.opportunity = { ...this.opportunity, ...fields, IsClosed, SystemModstamp };
    this.history.push({ stage: this.opportunity['StageName'], at: SystemModstamp });
  }

  /** The quote moves on, and the connector hears of it. */
  async quote(state: string): Promise<void> {
    const quote = { id: 'q1', state };
    const { opportunity, plan } = await this.sync.plan(quote, '006');
    const at = new Date((this.time += 1_000)).toISOString();
    if (Object.keys(plan.fields).length === 0) await this.sync.noteShown(quote, at, opportunity);
    else await this.sync.apply(quote, at, opportunity, plan);
  }

  /** What the opportunity, as it is read now, asks of its quote. */
  async asks(): Promise<unknown> {
    const [read = {}] = await this.sync.marked([this.opportunity]);
    const mapped = mapQuote('crm', settings)(read);
    return Array.isArray(mapped) ? mapped.map(({ resource }) => resource['state'] as unknown) : mapped;
  }
}

describe('a stage that came of the quote', () => {
  it('asks nothing of the quote, also when that goes on as its next version before the stage is read', async () => {
    const world = new World();
    await world.quote('rejected');
    expect(world.opportunity['StageName']).toBe('Closed Lost');
    await world.quote('inProgress');
    expect(await world.asks()).toEqual([]);
    world.change({ Name: 'Renamed' });
    expect(await world.asks()).toEqual([]);
  });

  it.each([
    ['by somebody in the CRM', ['inProgress']],
    ['after it was open again', ['rejected', 'inProgress', 'open']],
  ])('is another one than that which is lost %s', async (_name, steps) => {
    const world = new World();
    for (const step of steps) {
      if (step === 'open') world.change({ StageName: 'Negotiation/Review' });
      else await world.quote(step);
    }
    await world.quote('pending');
    world.change({ StageName: 'Closed Lost' });
    expect(await world.asks()).toEqual(['cancelled']);
  });

  it('is another one than that which is lost between two runs, after it was open again', async () => {
    const world = new World();
    await world.quote('rejected');
    await world.quote('inProgress');
    world.change({ StageName: 'Negotiation/Review' });
    world.change({ StageName: 'Closed Lost' });
    expect(await world.asks()).toEqual(['cancelled']);
  });

  it('does not keep a deleted opportunity from ending its quote', async () => {
    const world = new World();
    await world.quote('rejected');
    world.change({ IsDeleted: true });
    expect(await world.asks()).toEqual(['cancelled']);
  });
});

describe('what is owned here', () => {
  it('is what the quote says last, also when that is heard while what it said before is put back', async () => {
    const world = new World();
    await world.quote('accepted');
    world.change({ StageName: 'Prospecting' });
    world.meanwhile = () => world.quote('rejected');
    await world.run();
    // The older write came last.
    expect(world.opportunity['StageName']).toBe('Closed Won');
    await world.run();
    expect(world.opportunity['StageName']).toBe('Closed Lost');
    const { SystemModstamp: settled } = world.opportunity;
    await world.run();
    expect(world.opportunity['SystemModstamp']).toBe(settled);
  });

  it('is put back when somebody changes it between our look and our write of something else', async () => {
    const world = new World({ quoteState: 'State__c' });
    await world.quote('rejected');
    world.meanwhile = async () => world.change({ StageName: 'Prospecting' });
    // The same stage as before, and another state: only that is written.
    await world.quote('declined');
    expect(world.opportunity).toMatchObject({ StageName: 'Prospecting', State__c: 'declined' });
    await world.run();
    expect(world.opportunity).toMatchObject({ StageName: 'Closed Lost', State__c: 'declined' });
  });
});
