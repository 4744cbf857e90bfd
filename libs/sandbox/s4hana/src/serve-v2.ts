import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, type Ids } from '@quotebridge/platform/core';
import type { SandboxContext } from '@quotebridge/sandbox/core';
import type { EventMesh } from './events/event-mesh';
import { objectChange, type ObjectChange } from './events/object-change';
import { BOMS } from './model/boms';
import { BUSINESS_PARTNERS } from './model/business-partners';
import { CONTRACTS } from './model/contracts';
import { EQUIPMENT } from './model/equipment';
import { AVAILABILITY, SIMULATION } from './model/live';
import { PRICES } from './model/prices';
import { PRODUCTS } from './model/products';
import { PURCHASING } from './model/purchasing';
import { SALES_ORDERS } from './model/sales-orders';
import { workBatch, type PartAnswer } from './odata/batch';
import { errorBody, refused } from './odata/errors';
import { asPart, parseBody, targetIn, typeOf } from './odata/http';
import { answer, type ODataAnswer } from './odata/service';

/** Where the OData V2 services stand. */
export const V2_ROOT = '/sap/opu/odata/sap';

const SERVICES = new Map(
  [
    PRODUCTS,
    BUSINESS_PARTNERS,
    PRICES,
    SALES_ORDERS,
    BOMS,
    EQUIPMENT,
    CONTRACTS,
    PURCHASING,
    AVAILABILITY,
    SIMULATION,
  ].map((service) => [service.name, service]),
);
const READS = new Set(['GET', 'HEAD']);

interface V2Context extends Pick<SandboxContext, 'tables' | 'faults' | 'clock'> {
  readonly ids: Ids;
  readonly mesh: EventMesh;
  readonly pageSize: number;
  /** Name of the service that is called. */
  readonly service: string;
}

/** Answers a call of an OData V2 service, batches among them, and tells the broker what it has changed. */
export const serveV2 = (
  { tables, faults, clock, ids, mesh, pageSize, service: name }: V2Context,
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl = `http://${request.headers.host ?? 'localhost'}`,
): FastifyReply => {
  const service = SERVICES.get(name);
  if (service === undefined)
    throw refused(403, '/IWFND/MED/170', `No service found for namespace /SAP/, name ${name}.`);
  const root = `${publicUrl}${V2_ROOT}/${name}`;
  const state = { service, tables, now: clock.now(), pageSize };
  const fault = (kind: string): boolean => faults.take(kind, request) !== undefined;
  const changes: ObjectChange[] = [];
  const work = (method: string, url: string, ifMatch: string | undefined, body: unknown): ODataAnswer => {
    const target = targetIn(root, `/${name}`, url);
    const done = answer(state, { ...target, method, ifMatch, body, root, fault });
    const { changed } = done;
    const change = changed && objectChange(changed.set.set, changed.row, changed.what);
    if (change !== undefined) changes.push(change);
    return done;
  };

  if (request.method === 'POST' && request.url.split('?')[0]?.endsWith('/$batch') === true) {
    const result = workBatch(request.headers['content-type'], String(request.body ?? ''), {
      transaction: (all) => {
        const before = changes.length;
        try {
          return tables.transaction(all);
        } catch (thrown) {
          changes.length = before;
          throw thrown;
        }
      },
      handle: (part) => {
        const isRead = READS.has(part.method);
        if (isRead && fault('failBatchPart'))
          throw refused(503, '/IWFND/CM_BEC/026', 'The service is not available at the moment.');
        const done = asPart(work(part.method, part.url, part.headers['if-match'], parseBody(part.body)));
        if (!isRead && fault('failInChangeset'))
          throw refused(500, '/IWBEP/CM_MGW_RT/500', 'An exception was raised.');
        return done;
      },
      refuse: (thrown) => refusedPart(thrown, { service: name, transaction: ids.next() }, clock.now()),
    });
    mesh.publish(changes);
    return reply.code(202).type(result.contentType).send(result.body);
  }
  const tunnelled = request.method === 'POST' ? request.headers['x-http-method'] : undefined;
  const method = typeof tunnelled === 'string' ? tunnelled.toUpperCase() : request.method;
  const result = work(method, request.url, request.headers['if-match'], parseBody(request.body));
  mesh.publish(changes);
  return reply
    .code(result.status)
    .type(typeOf(result))
    .headers(result.headers)
    .send(request.method === 'HEAD' ? undefined : result.body);
};

const refusedPart = (
  thrown: unknown,
  about: { readonly service: string; readonly transaction: string },
  now: number,
): PartAnswer => {
  const refusal = thrown instanceof Refusal ? thrown : undefined;
  const error = {
    code: refusal?.code ?? '/IWBEP/CM_MGW_RT/500',
    message: thrown instanceof Error ? thrown.message : String(thrown),
    paths: refusal?.faults.map((one) => one.path) ?? [],
  };
  return {
    status: refusal?.status ?? 500,
    headers: { 'content-type': 'application/json;charset=utf-8' },
    body: JSON.stringify(errorBody(error, { ...about, timestamp: new Date(now).toISOString() })),
  };
};
