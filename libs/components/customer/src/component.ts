import type { Component } from '@quotebridge/tmf/component';
import { ensureLock } from '@quotebridge/tmf/resource';
import { customerResources } from './definitions';
import { HIERARCHY_LOCK, OrganizationStore } from './organization-store';
import type { CustomerSettings } from './settings';
import { customerViews } from './views';

/** Customers, the people and organizations behind them, and other roles: TMF629, TMF632 and TMF669 in v4 and v5. */
export const customerComponent: Component<CustomerSettings> = {
  name: 'customer',
  build: async (runtime) => {
    await ensureLock(runtime.store, HIERARCHY_LOCK);
    const organizations = new OrganizationStore(runtime);
    return {
      resources: customerResources(runtime, organizations),
      ingest: { organization: {}, individual: {}, customer: {}, partyRole: {}, partyRoleSpecification: {} },
      views: customerViews(runtime, organizations),
    };
  },
};
