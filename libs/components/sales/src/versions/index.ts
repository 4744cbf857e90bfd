import {
  contactMedium,
  each,
  elements,
  firstOf,
  mapper,
  nest,
  object,
  reference,
  relatedPartyRef,
  rename,
  type VersionMapper,
} from '@quotebridge/tmf/versions';

/** An amount in v4, an estimate that says which kind of revenue it is in v5. */
const estimate = object(nest('amount', ['unit', 'value']));

/** TMF699 `salesLead`: v4 names one product, offering, specification and opportunity, v5 several. */
export const salesLeadMapper: VersionMapper = mapper([
  rename('type', 'salesLeadType'),
  rename('estimatedRevenue', 'revenueEstimate'),
  firstOf('revenueEstimate', estimate),
  rename('prospectContact', 'prospectContactMedium', elements(contactMedium)),
  each('relatedParty', relatedPartyRef),
  firstOf('product', reference('ProductRef')),
  firstOf('productOffering', reference('ProductOfferingRef')),
  firstOf('productSpecification', reference('ProductSpecificationRef')),
  firstOf('salesOpportunity', reference('SalesOpportunityRef')),
]);
