import { randomIds, systemClock } from '@quotebridge/platform/core';
import {
  afterSales,
  machineBuilder,
  startVendorSystem,
  type Sandbox,
  type VendorAnswer,
} from '@quotebridge/sandbox/core';
import { Gateway } from './gateway';
import { errorBody } from './odata/errors';
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
  { name: 'lockedByUser', description: 'The document is locked by another user.', writesOnly: true },
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
  const services = afterSales(options.seed ?? 1, options.afterSales ?? 0);
  const errorAnswer = (refusal: {
    status: number;
    code: string;
    message: string;
    paths: readonly string[];
  }): VendorAnswer => {
    // The CSRF filter sits before the gateway and answers in plain text.
    if (refusal.code === 'CSRF')
      return { status: refusal.status, headers: { 'content-type': 'text/plain' }, body: refusal.message };
    const about = { service: '', transaction: ids.next(), timestamp: new Date(clock.now()).toISOString() };
    return { status: refusal.status, body: errorBody(refusal, about) };
  };
  return startVendorSystem(
    {
      title: 'S/4HANA sandbox',
      intro:
        'A simulated SAP S/4HANA: materials, structures, machines, business partners, prices and sales orders over OData V2.',
      faults: FAULTS,
      seed: (tables, seededAt) => {
        seedS4(business, tables, seededAt);
        seedAfterSales(services, tables, seededAt);
      },
      routes: (context) => gateway.routes(context),
      errorAnswer,
      expireTokens: () => gateway.expire(),
      views: s4Views,
    },
    options,
  );
};
