import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import { isCallFailed } from '@quotebridge/platform/resilience';
import {
  ActionRefused,
  externalIdsOf,
  objectsIn,
  textAt,
  type Action,
  type ActionEvent,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import { selectOf } from './fields';
import { quoteId } from './mapping/quote';
import { salesOpportunityFields } from './mapping/sales-opportunity';
import {
  accountOf,
  planSalesOpportunity,
  salesOwnedHere,
  writesLink,
} from './mapping/sales-opportunity-update';
import type { RestClient } from './rest-client';
import type { SalesforceSettings } from './settings';
import { soqlText } from './soql';

const KIND = 'salesOpportunity';
const CREATED = 'SalesOpportunityCreateEvent';
const MOVED = 'SalesOpportunityStateChangeEvent';
const CHANGED = 'SalesOpportunityAttributeValueChangeEvent';
/** What a plan follows from when something is put back; a stage never is. */
const REMEMBERED = ['name', 'description', 'validFor', 'relatedParty', 'revenueEstimate'];

/** Values that the org made something else of (field, as wanted, as it became): written once, not again and again. */
type Accepted = readonly Json[];

const acceptedIn = (note: JsonObject | undefined): Accepted => {
  const found = note?.['accepted'];
  return Array.isArray(found) ? found : [];
};

/** Keeps an opportunity as its sales opportunity says, in the parts that are owned here. */
export class SalesOpportunitySync {
  /** True when something besides the stage is owned here: that is put back, too. */
  private readonly putsBack: boolean;

  constructor(
    private readonly client: Pick<RestClient, 'all' | 'composite' | 'queryPart'>,
    private readonly settings: SalesforceSettings,
    private readonly context: Pick<ConnectorContext, 'instance' | 'notes' | 'externalIdOf'>,
  ) {
    this.putsBack = salesOwnedHere(settings).length > 0;
  }

  /**
   * Writes what changes here into the opportunity. It is read first and only what differs is written, so that what came from the
   * CRM, a repeated event and our own echo do nothing.
   */
  action(): Action {
    const events = this.putsBack
      ? [CREATED, MOVED, CHANGED]
      : [MOVED, ...(writesLink(this.settings) ? [CHANGED] : [])];
    return {
      name: 'updateSalesOpportunity',
      title: 'Updating the opportunity from sales',
      subjects: events.map((type) => `tmf.TMF699.salesOpportunity.${type}`),
      effect: 'latest',
      key: (event) => this.idOf(event),
      lookup: async (event) => {
        const { eventType, resource } = event;
        const id = this.idOf(event) ?? '';
        // One that is new here came from there just now.
        const opportunity = eventType === CREATED ? { Id: id } : await this.read(id);
        const isNews =
          eventType !== CREATED && Object.keys(await this.plan(resource, opportunity)).length > 0;
        if (isNews) return undefined;
        await this.remember(resource, id, await this.accepted(id));
        return opportunity;
      },
      send: async (event) => {
        const id = this.idOf(event) ?? '';
        const opportunity = await this.read(id);
        const accepted = await this.write(id, await this.plan(event.resource, opportunity));
        await this.remember(event.resource, id, accepted);
        return opportunity;
      },
      results: () => [],
    };
  }

  /** Puts back what somebody changed in the CRM although it is owned here. What the org does not allow stays. */
  async putBack(records: readonly JsonObject[]): Promise<void> {
    if (!this.putsBack) return;
    for (const record of records) {
      const id = textAt(record, 'Id') ?? '';
      const known = await this.context.notes.get(KIND, id);
      if (known === undefined || record['IsDeleted'] === true) continue;
      try {
        const plan = await this.plan(known, record);
        if (Object.keys(plan).length === 0) continue;
        const accepted = await this.write(id, plan);
        // What was heard meanwhile is what counts: the next run puts that back.
        await this.remember((await this.context.notes.get(KIND, id)) ?? known, id, accepted);
      } catch (thrown) {
        // One that is gone by now: the next run tells so.
        const isGone = thrown instanceof ActionRefused;
        if (!isGone && !isCallFailed(thrown, 'reject')) throw thrown;
      }
    }
  }

  private idOf({ resource }: ActionEvent): string | undefined {
    return externalIdsOf(resource, 'opportunity', this.context.instance)[0];
  }

  private async read(id: string): Promise<JsonObject> {
    const [opportunity] = await this.client.all(this.queryFor(id));
    if (opportunity === undefined) throw new ActionRefused(`there is no opportunity ${id}`);
    return opportunity;
  }

  private queryFor(id: string): string {
    return selectOf('Opportunity', salesOpportunityFields(this.settings), `WHERE Id = ${soqlText(id)}`);
  }

  private async plan(sales: JsonObject, opportunity: JsonObject): Promise<JsonObject> {
    const party = accountOf(sales);
    const account = party === undefined ? undefined : await this.context.externalIdOf(party);
    const id = textAt(opportunity, 'Id') ?? '';
    const known = { account, madeQuote: quoteId(this.context.instance, id) };
    const plan = planSalesOpportunity(sales, opportunity, this.settings, known);
    const accepted = await this.accepted(id);
    const isAccepted = (field: string, wanted: Json | undefined): boolean =>
      accepted.some((one) => isDeepStrictEqual(one, [field, wanted, opportunity[field] ?? null]));
    return Object.fromEntries(Object.entries(plan).filter(([field, wanted]) => !isAccepted(field, wanted)));
  }

  /** Writes the fields; gives what is to be accepted of the opportunity from now on. */
  private async write(id: string, fields: JsonObject): Promise<Accepted> {
    const before = await this.accepted(id);
    if (Object.keys(fields).length === 0) return before;
    // Read in the same request: what somebody changes behind it is not what the org has made of our write.
    const answers = await this.client.composite(
      [
        { method: 'PATCH', path: `sobjects/Opportunity/${id}`, referenceId: 'write', body: fields },
        { method: 'GET', path: this.client.queryPart(this.queryFor(id)), referenceId: 'after' },
      ],
      true,
    );
    if (!this.putsBack) return [];
    const read = answers.get('after');
    const [after = {}] = isJsonObject(read) ? objectsIn(read['records']) : [];
    const others = before.filter((one) => Array.isArray(one) && !Object.hasOwn(fields, String(one[0])));
    const changed = Object.entries(fields).flatMap(([field, wanted = null]): Json[] =>
      after[field] === wanted ? [] : [[field, wanted, after[field] ?? null]],
    );
    return [...others, ...changed];
  }

  private async accepted(id: string): Promise<Accepted> {
    return this.putsBack ? acceptedIn(await this.context.notes.get(KIND, id)) : [];
  }

  private async remember(sales: JsonObject, id: string, accepted: Accepted): Promise<void> {
    if (!this.putsBack) return;
    const known = REMEMBERED.flatMap((name) => (name in sales ? [[name, sales[name]] as const] : []));
    const value = {
      ...Object.fromEntries(known),
      ...(accepted.length === 0 ? {} : { accepted: [...accepted] }),
    };
    await this.context.notes.put(KIND, [{ key: id, value }]);
  }
}
