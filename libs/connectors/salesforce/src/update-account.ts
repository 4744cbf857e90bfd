import { stableId, type JsonObject } from '@quotebridge/platform/core';
import {
  ActionRefused,
  externalIdsOf,
  textAt,
  type Action,
  type ActionEvent,
  type ConnectorContext,
} from '@quotebridge/connectors/sdk';
import { ownedAccountFields, planAccount } from './mapping/account-update';
import type { RestClient } from './rest-client';
import type { SalesforceSettings } from './settings';
import { soqlText } from './soql';

const SUBJECTS = ['CustomerCreateEvent', 'CustomerAttributeValueChangeEvent'].map(
  (type) => `tmf.TMF629.customer.${type}`,
);

/**
 * Writes what the ERP says of a customer into his account, in the parts that are owned here. The account is found by the
 * customer's number; a customer that came from this org is the org's own until the ERP has brought him as well. The change comes
 * back as an account that the ERP knows better, and so without an effect.
 */
export const updateAccount = (
  client: RestClient,
  settings: SalesforceSettings,
  { instance, externalIdOf }: Pick<ConnectorContext, 'instance' | 'externalIdOf'>,
): Action => {
  const { accountOwners, customerNumberField, offeringSource } = settings;
  const numberIn = ({ resource }: ActionEvent): string | undefined =>
    externalIdsOf(resource, 'customer', offeringSource)[0];
  /** By the id that he has, or that the ERP's record had before he was known to be the same. */
  const isOfErp = async (id: string, number: string): Promise<boolean> => {
    const ids = [id, stableId(offeringSource, 'customer', number)];
    const found = await Promise.all(ids.map((one) => externalIdOf(one, offeringSource)));
    return found.some((one) => one !== undefined);
  };
  const fields = ['Id', ...ownedAccountFields(accountOwners)].join(', ');

  const find = async (event: ActionEvent): Promise<JsonObject | undefined> => {
    const number = numberIn(event) ?? '';
    const found = await client.all(
      `SELECT ${fields} FROM Account WHERE ${customerNumberField} = ${soqlText(number)} LIMIT 2`,
    );
    if (found.length > 1) throw new ActionRefused(`several accounts have the number ${number}`);
    return found[0];
  };

  return {
    name: 'updateAccount',
    title: 'Updating the account',
    subjects: SUBJECTS,
    effect: 'latest',
    key: async (event) => {
      const number = numberIn(event);
      const isOfCrm = externalIdsOf(event.resource, 'account', instance).length > 0;
      if (number === undefined || !isOfCrm) return number;
      return (await isOfErp(event.resource.id, number)) ? number : undefined;
    },
    lookup: async (event) => {
      const account = await find(event);
      // A customer that the CRM does not know is none of its business.
      if (account === undefined) return {};
      return Object.keys(planAccount(event.resource, account, accountOwners)).length === 0
        ? account
        : undefined;
    },
    send: async (event) => {
      const account = (await find(event)) ?? {};
      const plan = planAccount(event.resource, account, accountOwners);
      const id = textAt(account, 'Id');
      if (id !== undefined) await client.call('PATCH', `sobjects/Account/${id}`, plan, true);
      return { ...account, ...plan };
    },
    results: () => [],
  };
};
