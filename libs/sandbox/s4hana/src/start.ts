import { randomIds, systemClock } from '@quotebridge/platform/core';
import {
  afterSalesBlocks,
  machineBuilder,
  startVendorSystem,
  type Sandbox,
  type VendorAnswer,
  type VendorRefusal,
} from '@quotebridge/sandbox/core';
import { EVENT_FAULTS } from './events/event-mesh';
import { Gateway } from './gateway';
import { errorBody } from './odata/errors';
import { errorBodyV4 } from './odata4/error-body';
import { V4_ROOT } from './odata4/model';
import type { S4SandboxOptions } from './options';
import { seedAfterSales } from './seed-after-sales';
import { seedS4 } from './seed';
import { s4Views } from './views';

const FAULTS = [
  { name: 'csrfWithoutCookie', description: 'Gives a CSRF token but not the cookies that belong to it.' },
  { name: 'expireSession', description: 'All CSRF tokens and sessions become invalid.' },
  { name: 'foreignNextLink', description: 'The next link of a page points to another host.' },
  {
    name: 'failInChangeset',
    description: 'A part of a changeset fails with 500; nothing of the changeset is kept.',
    writesOnly: true,
  },
  {
    name: 'failBatchPart',
    description: 'A read within a batch fails with 503; the batch and its other parts are answered.',
  },
  {
    name: 'changedMeanwhile',
    description: 'Somebody else has changed the entity since it was read: 412.',
    writesOnly: true,
  },
  {
    name: 'wantsExactEtag',
    description: 'If-Match: * does not do for a change: 428.',
    writesOnly: true,
  },
  { name: 'lockedByUser', description: 'The document is locked by another user.', writesOnly: true },
  ...EVENT_FAULTS,
];

/**
 * Starts a simulated SAP S/4HANA with its OData V2 services, OAuth 2.0, CSRF tokens and ETags.
 * Rejects when the port is taken.
 */
export const startS4Sandbox = (options: S4SandboxOptions): Promise<Sandbox> => {
  const ids = options.ids ?? randomIds;
  const clock = options.clock ?? systemClock;
  const gateway = new Gateway(options, ids);
  const business = machineBuilder(options.seed ?? 1, options.size ?? 1);
  const services = afterSalesBlocks(options.seed ?? 1, options.afterSales ?? 0);
  const errorAnswer = (refusal: VendorRefusal, url: string): VendorAnswer => {
    // The CSRF filter sits before the gateway and answers in plain text.
    if (refusal.code === 'CSRF')
      return { status: refusal.status, headers: { 'content-type': 'text/plain' }, body: refusal.message };
    if (url.startsWith(V4_ROOT)) return { status: refusal.status, body: errorBodyV4(refusal) };
    const about = { service: '', transaction: ids.next(), timestamp: new Date(clock.now()).toISOString() };
    return { status: refusal.status, body: errorBody(refusal, about) };
  };
  return startVendorSystem(
    {
      title: 'S/4HANA sandbox',
      intro:
        'A simulated SAP S/4HANA: materials, structures, machines, business partners, prices and sales orders over OData V2, sales orders over V4 too.',
      faults: FAULTS,
      seed: (tables, seededAt) => {
        seedS4(business, tables, seededAt);
        seedAfterSales(services.block, services.copies, tables, seededAt);
      },
      routes: (context) => gateway.routes(context),
      errorAnswer,
      expireTokens: () => gateway.expire(),
      views: s4Views,
    },
    options,
  );
};
