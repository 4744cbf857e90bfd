import type { JsonObject } from '@quotebridge/platform/core';
import { isCallFailed } from '@quotebridge/platform/resilience';
import {
  ActionRefused,
  externalIdsOf,
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

/** Keeps an opportunity as its sales opportunity says, in the parts that are owned here. */
export class SalesOpportunitySync {
  /** True when something besides the stage is owned here: that is put back, too. */
  private readonly putsBack: boolean;

  constructor(
    private readonly client: RestClient,
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
        await this.remember(resource, id);
        return opportunity;
      },
      send: async (event) => {
        const id = this.idOf(event) ?? '';
        const opportunity = await this.read(id);
        await this.write(id, await this.plan(event.resource, opportunity));
        await this.remember(event.resource, id);
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
        await this.write(id, await this.plan(known, record));
      } catch (thrown) {
        if (!isCallFailed(thrown, 'reject')) throw thrown;
      }
    }
  }

  private idOf({ resource }: ActionEvent): string | undefined {
    return externalIdsOf(resource, 'opportunity', this.context.instance)[0];
  }

  private async read(id: string): Promise<JsonObject> {
    const query = selectOf(
      'Opportunity',
      salesOpportunityFields(this.settings),
      `WHERE Id = ${soqlText(id)}`,
    );
    const [opportunity] = await this.client.all(query);
    if (opportunity === undefined) throw new ActionRefused(`there is no opportunity ${id}`);
    return opportunity;
  }

  private async plan(sales: JsonObject, opportunity: JsonObject): Promise<JsonObject> {
    const party = accountOf(sales);
    const account = party === undefined ? undefined : await this.context.externalIdOf(party);
    const madeQuote = quoteId(this.context.instance, textAt(opportunity, 'Id') ?? '');
    return planSalesOpportunity(sales, opportunity, this.settings, { account, madeQuote });
  }

  private async write(id: string, fields: JsonObject): Promise<void> {
    if (Object.keys(fields).length === 0) return;
    await this.client.call('PATCH', `sobjects/Opportunity/${id}`, fields, true);
  }

  private async remember(sales: JsonObject, id: string): Promise<void> {
    if (!this.putsBack) return;
    const known = REMEMBERED.flatMap((name) => (name in sales ? [[name, sales[name]] as const] : []));
    await this.context.notes.put(KIND, [{ key: id, value: Object.fromEntries(known) }]);
  }
}
