import type { Stream } from '@quotebridge/connectors/sdk';
import { accountFields, keysOf, mapCustomer, mapOrganization } from './mapping/account';
import { CONTACT_FIELDS, mapIndividual } from './mapping/contact';
import { endsProduct, mapPrice, mapProduct, priceFields, PRODUCT_FIELDS } from './mapping/product';
import { mapSalesOpportunity, salesOpportunityFields } from './mapping/sales-opportunity';
import { salesOwnedHere } from './mapping/sales-opportunity-update';
import { objectStream, type ObjectDeps } from './object-stream';
import type { SalesOpportunitySync } from './sales-opportunity-sync';
import { ACCOUNT_SAMPLE, CONTACT_SAMPLE, OPPORTUNITY_SAMPLE, PRICE_SAMPLE, PRODUCT_SAMPLE } from './samples';

/**
 * What the CRM knows of customers, products and sales. Customers come before the organizations behind them, and prices before
 * the products, because what is deleted must not be in use any more; references are computed, so they may lead ahead.
 */
export const masterData = (
  source: string,
  deps: ObjectDeps,
  sales: SalesOpportunitySync,
): readonly Stream[] => {
  const { settings } = deps;
  // What the ERP has too stays as the ERP says.
  const conflict = { rule: 'priority' as const, order: [settings.offeringSource] };
  const account = {
    entity: 'Account',
    fields: accountFields(settings),
    conflict,
    samples: [ACCOUNT_SAMPLE],
  };
  return [
    objectStream(
      {
        ...account,
        name: 'customers',
        title: 'Accounts as customers',
        resource: 'customer',
        naturalKeys: keysOf('customer', settings.offeringSource),
        map: mapCustomer(source, settings),
      },
      deps,
    ),
    objectStream(
      {
        ...account,
        name: 'accounts',
        title: 'Accounts as organizations in their hierarchy',
        resource: 'organization',
        naturalKeys: keysOf('businessPartner', settings.offeringSource),
        ownedThere: ['organizationParentRelationship'],
        map: mapOrganization(source, settings),
      },
      deps,
    ),
    objectStream(
      {
        name: 'contacts',
        title: 'Contacts with their account',
        entity: 'Contact',
        resource: 'individual',
        ownedThere: ['givenName', 'familyName', 'name'],
        fields: CONTACT_FIELDS,
        samples: [CONTACT_SAMPLE],
        map: mapIndividual(source),
      },
      deps,
    ),
    objectStream(
      {
        name: 'prices',
        title: 'Entries of price books, as prices of price lists',
        entity: 'PricebookEntry',
        resource: 'productOfferingPrice',
        fields: priceFields(settings),
        samples: [PRICE_SAMPLE],
        map: mapPrice(source, settings),
      },
      deps,
    ),
    objectStream(
      {
        name: 'products',
        title: 'Products, where the ERP has none of their code',
        entity: 'Product2',
        resource: 'productSpecification',
        ownedThere: ['productNumber', 'description'],
        fields: PRODUCT_FIELDS,
        conflict,
        samples: [PRODUCT_SAMPLE],
        ends: endsProduct,
        map: mapProduct(source, settings),
      },
      deps,
    ),
    objectStream(
      {
        name: 'salesOpportunities',
        title: 'Opportunities as such',
        entity: 'Opportunity',
        resource: 'salesOpportunity',
        // The link to a quote is ours to make.
        ownedThere: ['description', 'salesOpportunityType', 'statusChangeReason', 'validFor'],
        fields: salesOpportunityFields(settings),
        // What was changed here later stays until the CRM says something newer.
        conflict: { rule: 'newest' },
        ownedHere: salesOwnedHere(settings),
        seen: (records) => sales.putBack(records),
        samples: [OPPORTUNITY_SAMPLE],
        map: mapSalesOpportunity(source, settings),
      },
      deps,
    ),
  ];
};
