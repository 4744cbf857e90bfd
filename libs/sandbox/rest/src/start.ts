import {
  PARTS_PER_SIZE,
  startVendorSystem,
  type Row,
  type Sandbox,
  type SandboxContext,
  type SandboxOptions,
  type TableView,
  type Tables,
} from '@quotebridge/sandbox/core';
import { isJsonObject, randomIds, Refusal, systemClock, type JsonObject } from '@quotebridge/platform/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { REST_SANDBOX_CREDENTIALS, RestSignIn, type RestCredentials } from './auth';
import { notify } from './notify';
import { Parts, PARTS } from './parts';

/** How a REST sandbox is started. */
export interface RestSandboxOptions extends SandboxOptions {
  readonly credentials?: RestCredentials;
}

const ORDERS = 'Order';
const MOST_ROWS = 200;
const STYLES = ['page', 'offset', 'cursor', 'link', 'header'] as const;
const FAULTS = [
  { name: 'duplicatePage', description: 'A list gives the page before once more.' },
  { name: 'smallerPage', description: 'A list gives only half of the wanted page.' },
  { name: 'wrongTotal', description: 'A list says that there are half as many records as there are.' },
  { name: 'foreignNextLink', description: 'The link to the next page leads to another host.' },
  { name: 'cursorForgotten', description: 'Answers 410 to a cursor that it has given before.' },
  { name: 'limitReached', description: 'Answers 200 with {"error":{"code":"LIMIT"}} instead of a list.' },
];

type ListRequest = FastifyRequest<{ Params: { style: string }; Querystring: Record<string, string> }>;

const parsed = (body: unknown): JsonObject => {
  try {
    const value: unknown = JSON.parse(String(body));
    if (isJsonObject(value)) return value;
  } catch {
    // Told below.
  }
  throw new Refusal(400, 'bad_json', 'The body must be a JSON object.');
};

const whole = (text: string | undefined, fallback: number, most: number): number => {
  const value = Number(text ?? fallback);
  if (!Number.isInteger(value) || value < 0 || value > most)
    throw new Refusal(400, 'bad_parameter', `${String(text)} is no number from 0 to ${most}.`);
  return value;
};

const view = (title: string, columns: readonly string[], rows: readonly Row[]): TableView => ({
  title,
  columns,
  rows: rows.slice(-MOST_ROWS).map((row) =>
    columns.map((name) => {
      const value = row[name];
      return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
    }),
  ),
});

/** Everything between HTTP and the parts. */
class PartsApi {
  constructor(
    private readonly parts: Parts,
    private readonly signIn: RestSignIn,
    private readonly context: SandboxContext,
  ) {}

  register(): void {
    const { app, tables, clock } = this.context;
    app.post('/oauth/token', async (request) => this.signIn.token(request));
    app.get('/api/status', async () => ({ status: 'up' }));
    app.get<{ Params: { style: string }; Querystring: Record<string, string> }>(
      '/api/:style/parts',
      (request, reply) => this.list(request, reply),
    );
    app.get<{ Params: { number: string }; Querystring: Record<string, string> }>(
      '/api/parts/:number',
      async (request) => {
        this.signIn.check(request);
        return this.found(this.parts.find(request.params.number), request.params.number);
      },
    );
    app.patch<{ Params: { number: string }; Querystring: Record<string, string> }>(
      '/api/parts/:number',
      async (request) => {
        this.signIn.check(request);
        const { number } = request.params;
        return this.found(this.parts.write(number, parsed(request.body), clock.now()), number);
      },
    );
    app.get<{ Querystring: Record<string, string> }>('/api/orders', async (request) => {
      this.signIn.check(request);
      const { reference } = request.query;
      return { orders: tables.all(ORDERS).filter((order) => order['reference'] === reference) };
    });
    app.post<{ Querystring: Record<string, string> }>('/api/orders', async (request, reply) => {
      this.signIn.check(request);
      return reply.code(201).send(this.order(parsed(request.body)));
    });
    app.post('/__sandbox/notify', async (request) => notify(parsed(request.body), this.parts, clock));
  }

  private found(part: Row | undefined, number: string): Row {
    if (part === undefined) throw new Refusal(404, 'unknown_part', `There is no part ${number}.`);
    return part;
  }

  private order(body: JsonObject): JsonObject {
    const { tables, clock } = this.context;
    const lines = Array.isArray(body['lines']) ? body['lines'].filter(isJsonObject) : [];
    const unknown = lines.find((line) => this.parts.find(String(line['part'])) === undefined);
    if (typeof body['reference'] !== 'string' || lines.length === 0)
      throw new Refusal(422, 'bad_order', 'An order needs a reference and lines.');
    if (unknown !== undefined)
      throw new Refusal(422, 'unknown_part', `There is no part ${String(unknown['part'])}.`);
    const number = `B-${tables.next(ORDERS, 7001)}`;
    const order = {
      number,
      reference: body['reference'],
      lines,
      state: 'open',
      at: new Date(clock.now()).toISOString(),
    };
    // Nothing makes the reference unique, as in most systems: who sends twice has two orders.
    tables.put(ORDERS, number, order);
    return { order };
  }

  private list(request: ListRequest, reply: FastifyReply): FastifyReply {
    this.signIn.check(request);
    const { query, params } = request;
    const { faults } = this.context;
    const style = STYLES.find((one) => one === params.style);
    if (style === undefined) throw new Refusal(404, 'not_found', `Lists are paged by ${STYLES.join(', ')}.`);
    if (faults.take('limitReached', request) !== undefined)
      return reply.send({ error: { code: 'LIMIT', message: 'Too many calls today.' } });
    if (query['cursor'] !== undefined && faults.take('cursorForgotten', request) !== undefined)
      return reply.code(410).send({ error: { code: 'CURSOR_EXPIRED', message: 'Begin anew.' } });
    const since = query['updated_since'] === undefined ? 0 : Date.parse(query['updated_since']);
    if (Number.isNaN(since))
      throw new Refusal(400, 'bad_parameter', 'updated_since must be an ISO date-time.');
    const asked = whole(query['limit'], 100, 1000);
    const size =
      faults.take('smallerPage', request) === undefined ? asked : Math.max(1, Math.floor(asked / 2));
    const from = this.placeOf(style, query, since, asked);
    const before = faults.take('duplicatePage', request) === undefined ? from : Math.max(0, from - asked);
    const { parts, next } = this.parts.page(since, before, size);
    return this.answer(style, request, reply, parts, before === from ? next : from + asked);
  }

  /** How many records the list tells that it has, whenever they were changed. */
  private total(request: FastifyRequest): number {
    const { rows } = this.parts;
    return this.context.faults.take('wrongTotal', request) === undefined ? rows : Math.floor(rows / 2);
  }

  private placeOf(style: string, query: Record<string, string>, since: number, size: number): number {
    if (style === 'page') return this.parts.placeBehind(since, (whole(query['page'], 1, 1e9) - 1) * size);
    if (style === 'offset') return this.parts.placeBehind(since, whole(query['offset'], 0, 1e9));
    return whole(query['cursor'], 0, 1e9);
  }

  private answer(
    style: (typeof STYLES)[number],
    request: ListRequest,
    reply: FastifyReply,
    parts: readonly Row[],
    next: number | undefined,
  ): FastifyReply {
    const host =
      this.context.faults.take('foreignNextLink', request) === undefined
        ? request.headers.host
        : 'elsewhere.example';
    const link = new URL(request.url, `http://${host ?? 'localhost'}`);
    if (next !== undefined) link.searchParams.set('cursor', String(next));
    const data = { parts };
    switch (style) {
      case 'page':
        return reply.send({ data });
      case 'offset':
        return reply.send({
          data,
          meta: { offset: Number(request.query['offset'] ?? 0), total: this.total(request) },
        });
      case 'cursor':
        return reply.send({ data, meta: next === undefined ? {} : { next: String(next) } });
      case 'link':
        return reply.send({ data, links: next === undefined ? {} : { next: link.href } });
      case 'header':
        if (next !== undefined) void reply.header('link', `<${link.href}>; rel="next"`);
        return reply.send({ data });
    }
  }
}

const viewsOf = (tables: Tables, parts: Parts): TableView[] => [
  view('Orders', ['number', 'reference', 'state', 'lines', 'at'], tables.all(ORDERS)),
  view(
    'Parts that were changed',
    ['number', 'texts', 'price', 'status', 'deleted', 'changedAt'],
    tables.all(PARTS),
  ),
  view(
    `The first of ${parts.rows} parts`,
    ['number', 'texts', 'group', 'price', 'status', 'supersededBy', 'changedAt'],
    Array.from({ length: Math.min(MOST_ROWS, parts.rows) }, (_, index) => parts.at(index)),
  ),
];

/** Starts a simulated REST API of a parts supplier. Rejects when the port is taken. */
export const startRestSandbox = (options: RestSandboxOptions): Promise<Sandbox> => {
  const { seed = 1, size = 1, clock = systemClock } = options;
  const signIn = new RestSignIn(options.credentials ?? REST_SANDBOX_CREDENTIALS, clock, randomIds);
  const rows = Math.round(size * PARTS_PER_SIZE);
  return startVendorSystem(
    {
      title: 'REST sandbox',
      intro:
        'A simulated REST API of a parts supplier: lists in five kinds of paging, orders, signed messages.',
      faults: FAULTS,
      seed: () => signIn.restart(),
      routes: (context) => new PartsApi(new Parts(context.tables, seed, rows), signIn, context).register(),
      errorAnswer: ({ status, code, message }) => ({ status, body: { error: { code, message } } }),
      expireTokens: () => signIn.expire(),
      views: (tables) => viewsOf(tables, new Parts(tables, seed, rows)),
    },
    options,
  );
};
