import { fields, type ServiceModel } from './entity';

/** API_SALES_CONTRACT_SRV: contracts with customers. */
export const CONTRACTS: ServiceModel = {
  name: 'API_SALES_CONTRACT_SRV',
  sets: [
    {
      set: 'A_SalesContract',
      keys: ['SalesContract'],
      fields: fields({
        String:
          'SalesContract SalesContractType SalesOrganization DistributionChannel OrganizationDivision SoldToParty PurchaseOrderByCustomer',
        DateTime: 'SalesContractValidityStartDate SalesContractValidityEndDate CreationDate',
        DateTimeOffset: 'LastChangeDateTime',
      }),
      navs: {},
      etag: 'LastChangeDateTime',
      changedAt: 'LastChangeDateTime',
      writable: ['update'],
    },
  ],
};
