import type { Component } from '@quotebridge/tmf/component';
import { salesResources } from './definitions';
import { salesHooks } from './hooks';
import type { SalesSettings } from './settings';

/** Sales leads and opportunities: TMF699 in v5, leads in v4 as well. */
export const salesComponent: Component<SalesSettings> = {
  name: 'sales',
  build: (runtime) => ({
    resources: salesResources(salesHooks(runtime)),
    ingest: { salesLead: {}, salesOpportunity: {} },
  }),
};
