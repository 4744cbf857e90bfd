import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal, isJsonObject, systemClock, type Ids } from '@quotebridge/platform/core';
import type { SandboxContext } from '@quotebridge/sandbox/core';
import { S4Auth, S4_SANDBOX_CREDENTIALS } from './auth';
import { Csrf } from './csrf';
import { EventMesh } from './events/event-mesh';
import { objectChange } from './events/object-change';
import { SALES_ORDERS } from './model/sales-orders';
import { refused } from './odata/errors';
import { parseBody } from './odata/http';
import { V4_ROOT } from './odata4/model';
import type { S4SandboxOptions } from './options';
import { moveDueOrders, moveSalesOrder } from './rules/order-progress';
import { serveV2, V2_ROOT } from './serve-v2';
import { serveV4 } from './serve-v4';

const READS = new Set(['GET', 'HEAD']);

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
    const { app } = context;
    const mesh = new EventMesh(context.faults, context.clock, this.ids);
    app.addHook('onClose', () => mesh.stop());
    app.addHttpMethod('MERGE', { hasBody: true });
    app.post('/sap/bc/sec/oauth2/token', (request, reply) => {
      this.checkClient(request);
      return this.auth.answerToken(request, reply);
    });
    for (const url of [`${V2_ROOT}/:service`, `${V2_ROOT}/:service/*`]) {
      app.route<{ Params: { service: string } }>({
        method: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'MERGE', 'DELETE'],
        url,
        handler: (request, reply) => {
          this.admit(context, mesh, request, reply);
          void reply.header('dataserviceversion', '2.0');
          const { publicUrl, pageSize = 100 } = this.options;
          const { service } = request.params;
          return serveV2({ ...context, ids: this.ids, mesh, pageSize, service }, request, reply, publicUrl);
        },
      });
    }
    app.route({
      method: ['GET', 'HEAD'],
      url: `${V4_ROOT}/*`,
      handler: (request, reply) => {
        this.admit(context, mesh, request, reply);
        return serveV4({ ...context, pageSize: this.options.pageSize ?? 100 }, request, reply);
      },
    });
    this.controls(context, mesh);
  }

  /** What only tests and people ask for: an order moved on, events subscribed to. */
  private controls({ app, tables, clock }: SandboxContext, mesh: EventMesh): void {
    app.post<{ Params: { order: string } }>('/__sandbox/orders/:order/advance', (request, reply) => {
      const body = parseBody(request.body);
      const to = isJsonObject(body) && body['to'] === 'B' ? 'B' : 'C';
      const { order: SalesOrder } = request.params;
      const moved = moveSalesOrder({ service: SALES_ORDERS, tables, now: clock.now() }, SalesOrder, to);
      if (moved === undefined) throw new Refusal(404, 'NOT_FOUND', `There is no sales order ${SalesOrder}.`);
      mesh.publish([moved].flatMap((row) => objectChange('A_SalesOrder', row, 'Changed') ?? []));
      return reply.send({ SalesOrder, OverallSDProcessStatus: moved['OverallSDProcessStatus'] });
    });
    app.post('/__sandbox/events', (request, reply) => {
      mesh.subscribe(parseBody(request.body));
      return reply.code(201).send({});
    });
    app.delete('/__sandbox/events', (_request, reply) => {
      mesh.unsubscribe();
      return reply.code(204).send();
    });
    app.get('/__sandbox/events', (_request, reply) => reply.send(mesh.deliveries()));
  }

  /** Lets a call pass that is signed in, for our client, and, when it writes, has a CSRF token with its cookies. */
  private admit(
    { tables, faults, clock }: SandboxContext,
    mesh: EventMesh,
    request: FastifyRequest,
    reply: FastifyReply,
  ): void {
    this.auth.check(request);
    this.checkClient(request);
    if (faults.take('expireSession', request) !== undefined) this.csrf.expire();
    if (READS.has(request.method)) {
      this.csrf.give(request, reply, faults.take('csrfWithoutCookie', request) === undefined);
    } else this.csrf.check(request);
    if (this.options.autoProgressMs !== undefined) {
      const scope = { service: SALES_ORDERS, tables, now: clock.now() };
      const moved = moveDueOrders(scope, this.options.autoProgressMs);
      mesh.publish(moved.flatMap((row) => objectChange('A_SalesOrder', row, 'Changed') ?? []));
    }
    void reply.header('sap-client', this.client);
  }

  private checkClient(request: FastifyRequest): void {
    const given = new URL(request.url, 'http://sandbox').searchParams.get('sap-client');
    if (given !== null && given !== this.client) {
      throw refused(401, '00/523', `Client ${given} is not available in this system.`);
    }
  }
}
