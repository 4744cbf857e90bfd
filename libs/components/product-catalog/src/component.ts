import { OutboundPolicy } from '@quotebridge/platform/resilience';
import type { Component } from '@quotebridge/tmf/component';
import { ensureLock } from '@quotebridge/tmf/resource';
import { LAUNCH_LOCK } from './catalog-hooks';
import { catalogResources } from './definitions';
import { jobResources } from './jobs/job-definitions';
import { jobRoutes } from './jobs/job-routes';
import { JobStore } from './jobs/job-store';
import { JobWorker } from './jobs/job-worker';
import { JobPlaces } from './jobs/places';
import { partViews } from './part-views';
import type { ProductCatalogSettings } from './settings';

/** TMFC001 Product Catalog Management: TMF620 in v4 and v5, with jobs that import and export. */
export const productCatalog: Component<ProductCatalogSettings> = {
  name: 'product-catalog',
  build: async (runtime) => {
    const { settings, store } = runtime;
    const policy = new OutboundPolicy({ allow: settings.outboundAllow });
    const places = new JobPlaces(policy, settings.jobsFolder);
    const jobs = await JobStore.open(store);
    await ensureLock(store, LAUNCH_LOCK);
    return {
      resources: [...catalogResources(runtime), ...jobResources(places, jobs)],
      ingest: { category: {}, productSpecification: {}, productOfferingPrice: {}, productOffering: {} },
      background: [
        async () => {
          const worker = new JobWorker(runtime, jobs, places);
          worker.start();
          return worker;
        },
      ],
      routes: (scope) => jobRoutes(scope, jobs, runtime),
      views: partViews(runtime),
    };
  },
};
