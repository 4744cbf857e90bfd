import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, isJsonObject, systemClock, type Ids } from '@quotebridge/platform/core';
import type { SandboxContext } from '@quotebridge/sandbox/core';
import { S4Auth, S4_SANDBOX_CREDENTIALS } from './auth';
import { Csrf } from './csrf';
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
import { badRequest, errorBody, refused } from './odata/errors';
import { answer, type ODataAnswer, type ODataRequest } from './odata/service';
import type { S4SandboxOptions } from './options';
import { moveDueOrders, moveSalesOrder } from './rules/order-progress';

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
const BASE = '/sap/opu/odata/sap';
const READS = new Set(['GET', 'HEAD']);

const parseBody = (body: unknown): unknown => {
  if (typeof body !== 'string' || body === '') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    throw badRequest('The request body is not well-formed JSON.');
  }
};

/** Everything between HTTP and the OData services. */
export class Gateway {
  private readonly auth: S4Auth;
  private readonly csrf: Csrf;
  private readonly client: string;

  constructor(
    private readonly options: S4SandboxOptions,
    private readonly ids: Ids,
  ) {
    this.client = options.client ?? '100';
    this.auth = new S4Auth(options.credentials ?? S4_SANDBOX_CREDENTIALS, options.clock ?? systemClock, ids);
    this.csrf = new Csrf(this.client, ids);
  }

  expire(): void {
    this.auth.expire();
    this.csrf.expire();
  }

  routes(context: SandboxContext): void {
    const { app, tables, clock } = context;
    app.addHttpMethod('MERGE', { hasBody: true });
    app.post('/sap/bc/sec/oauth2/token', (request, reply) => {
      this.checkClient(request);
      return this.auth.answerToken(request, reply);
    });
    for (const url of [`${BASE}/:service`, `${BASE}/:service/*`]) {
      app.route<{ Params: { service: string } }>({
        method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'MERGE', 'DELETE'],
        url,
        handler: (request, reply) => this.handle(context, request, reply, request.params.service),
      });
    }
    app.post<{ Params: { order: string } }>('/__sandbox/orders/:order/advance', (request, reply) => {
      const body = parseBody(request.body);
      const to = isJsonObject(body) && body['to'] === 'B' ? 'B' : 'C';
      const moved = moveSalesOrder(
        { service: SALES_ORDERS, tables, now: clock.now() },
        request.params.order,
        to,
      );
      if (moved === undefined)
        throw new Refusal(404, 'NOT_FOUND', `There is no sales order ${request.params.order}.`);
      return reply.send({
        SalesOrder: request.params.order,
        OverallSDProcessStatus: moved['OverallSDProcessStatus'],
      });
    });
  }

  private handle(
    context: SandboxContext,
    request: FastifyRequest,
    reply: FastifyReply,
    name: string,
  ): FastifyReply {
    const { tables, faults, clock } = context;
    this.auth.check(request);
    this.checkClient(request);
    const service = SERVICES.get(name);
    if (service === undefined)
      throw refused(403, '/IWFND/MED/170', `No service found for namespace /SAP/, name ${name}.`);
    if (faults.take('expireSession', request) !== undefined) this.csrf.expire();
    if (READS.has(request.method)) {
      this.csrf.give(request, reply, faults.take('csrfWithoutCookie', request) === undefined);
    } else this.csrf.check(request);
    if (this.options.autoProgressMs !== undefined) {
      moveDueOrders({ service: SALES_ORDERS, tables, now: clock.now() }, this.options.autoProgressMs);
    }
    void reply.header('dataserviceversion', '2.0').header('sap-client', this.client);
    const root = `${this.options.publicUrl ?? `http://${request.headers.host ?? 'localhost'}`}${BASE}/${name}`;
    const state = { service, tables, now: clock.now(), pageSize: this.options.pageSize ?? 100 };
    const fault = (kind: string): boolean => faults.take(kind, request) !== undefined;
    const work = (method: string, url: string, ifMatch: string | undefined, body: unknown): ODataAnswer =>
      answer(state, { ...target(root, name, url), method, ifMatch, body, root, fault });

    if (request.method === 'POST' && request.url.split('?')[0]?.endsWith('/$batch') === true) {
      const result = workBatch(request.headers['content-type'], String(request.body ?? ''), {
        transaction: (all) => tables.transaction(all),
        handle: (part) => {
          const done = asPart(work(part.method, part.url, part.headers['if-match'], parseBody(part.body)));
          if (fault('failInChangeset'))
            throw refused(500, '/IWBEP/CM_MGW_RT/500', 'An exception was raised.');
          return done;
        },
        refuse: (thrown) => this.refusePart(thrown, name, clock.now()),
      });
      return reply.code(202).type(result.contentType).send(result.body);
    }
    const tunnelled = request.method === 'POST' ? request.headers['x-http-method'] : undefined;
    const method = typeof tunnelled === 'string' ? tunnelled.toUpperCase() : request.method;
    const result = work(method, request.url, request.headers['if-match'], parseBody(request.body));
    return reply
      .code(result.status)
      .type(typeof result.body === 'object' ? 'application/json;charset=utf-8' : 'text/plain')
      .headers(result.headers)
      .send(request.method === 'HEAD' ? undefined : result.body);
  }

  private checkClient(request: FastifyRequest): void {
    const given = new URL(request.url, 'http://sandbox').searchParams.get('sap-client');
    if (given !== null && given !== this.client) {
      throw refused(401, '00/523', `Client ${given} is not available in this system.`);
    }
  }

  private refusePart(thrown: unknown, service: string, now: number): PartAnswer {
    const refusal = thrown instanceof Refusal ? thrown : undefined;
    const error = {
      code: refusal?.code ?? '/IWBEP/CM_MGW_RT/500',
      message: thrown instanceof Error ? thrown.message : String(thrown),
      paths: refusal?.faults.map((one) => one.path) ?? [],
    };
    const about = { service, transaction: this.ids.next(), timestamp: new Date(now).toISOString() };
    const body = JSON.stringify(errorBody(error, about));
    return {
      status: refusal?.status ?? 500,
      headers: { 'content-type': 'application/json;charset=utf-8' },
      body,
    };
  }
}

/** Path and query of a request to a service, from an absolute, rooted or relative address. */
const target = (root: string, service: string, address: string): Pick<ODataRequest, 'path' | 'query'> => {
  const url = new URL(address, `${root}/`);
  const behind = url.pathname.split(`/${service}`).slice(1).join(`/${service}`);
  const query = new URLSearchParams(url.search);
  query.delete('sap-client');
  try {
    return { path: decodeURIComponent(behind).replace(/^\/+|\/+$/g, ''), query };
  } catch {
    throw badRequest(`The address ${address} is not well encoded.`);
  }
};

const asPart = (result: ODataAnswer): PartAnswer => ({
  status: result.status,
  headers: {
    ...(result.body === undefined ? {} : { 'content-type': 'application/json;charset=utf-8' }),
    ...result.headers,
  },
  body:
    result.body === undefined
      ? ''
      : typeof result.body === 'string'
        ? result.body
        : JSON.stringify(result.body),
});
