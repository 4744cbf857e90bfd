import { isoNow, type Clock, type JsonObject } from '@quotebridge/platform/core';
import {
  ActionRefused,
  externalIdsOf,
  textAt,
  type Action,
  type ActionEvent,
} from '@quotebridge/connectors/sdk';
import type { RestClient } from './rest-client';
import type { OrderFields } from './settings';
import { soqlText } from './soql';

const SUBJECTS = [
  'ProductOrderCreateEvent',
  'ProductOrderStateChangeEvent',
  'ProductOrderAttributeValueChangeEvent',
].map((type) => `tmf.TMF622.productOrder.${type}`);

/** What showing orders needs. */
export interface ShowOrderDeps {
  readonly client: RestClient;
  readonly orders: OrderFields;
  readonly clock: Clock;
  readonly instance: string;
}

/**
 * Shows the order of a quote in the CRM: one Order for each, known by the external id field that holds the order's id, so
 * that none is made twice; number and state follow.
 */
export const showOrder = ({ client, orders, clock, instance }: ShowOrderDeps): Action => {
  /** An order has the external identifiers of its quote. */
  const opportunityOf = ({ resource }: ActionEvent): string | undefined =>
    externalIdsOf(resource, 'opportunity', instance)[0];

  /** Number and state, as far as the org has fields for them. */
  const reported = ({ resource }: ActionEvent): JsonObject => {
    const values = { state: textAt(resource, 'state'), number: externalIdsOf(resource, 'salesOrder').at(-1) };
    return Object.fromEntries(
      (['state', 'number'] as const).flatMap((kind) => {
        const [field, value] = [orders.fields[kind], values[kind]];
        return field === undefined || value === undefined ? [] : [[field, value]];
      }),
    );
  };

  return {
    name: 'showOrder',
    title: 'Showing the order in the CRM',
    subjects: SUBJECTS,
    effect: 'latest',
    key: (event) => (opportunityOf(event) === undefined ? undefined : event.resource.id),
    lookup: async (event) => {
      const wanted = reported(event);
      const [order] = await client.all(
        `SELECT ${['Id', ...Object.keys(wanted)].join(', ')} FROM Order WHERE ${orders.idField} = ${soqlText(event.resource.id)}`,
      );
      const isShown = Object.entries(wanted).every(([field, value]) => order?.[field] === value);
      return isShown ? order : undefined;
    },
    send: async (event) => {
      const { resource } = event;
      const opportunity = opportunityOf(event) ?? '';
      const path = `sobjects/Order/${orders.idField}/${encodeURIComponent(resource.id)}`;
      const [found] = await client.all(
        `SELECT AccountId, Pricebook2Id, Name FROM Opportunity WHERE Id = ${soqlText(opportunity)}`,
      );
      if (found === undefined) throw new ActionRefused(`there is no opportunity ${opportunity}`);
      const [known] = await client.all(
        `SELECT Id FROM Order WHERE ${orders.idField} = ${soqlText(resource.id)}`,
      );
      // What is set once is the CRM's afterwards.
      const first = {
        AccountId: found['AccountId'],
        OpportunityId: opportunity,
        ...(textAt(found, 'Pricebook2Id') === undefined ? {} : { Pricebook2Id: found['Pricebook2Id'] }),
        Name: (textAt(found, 'Name') ?? '').slice(0, 80),
        EffectiveDate: (textAt(resource, 'orderDate') ?? isoNow(clock)).slice(0, 10),
        Status: orders.status,
      };
      const body = { ...(known === undefined ? first : {}), ...reported(event) };
      // What was made is looked up before it is sent again: somebody may have gone on with it.
      await client.composite([{ method: 'PATCH', path, referenceId: 'order', body }], known !== undefined);
      return { order: resource.id, ...body };
    },
    results: () => [],
  };
};
