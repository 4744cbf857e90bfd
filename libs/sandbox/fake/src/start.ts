import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isJsonObject, Refusal, systemClock, type JsonObject } from '@quotebridge/platform/core';
import {
  bearerToken,
  machineBuilder,
  sameSecret,
  startVendorSystem,
  Tokens,
  type Sandbox,
  type SandboxContext,
  type SandboxOptions,
  type Tables,
} from '@quotebridge/sandbox/core';
import { OFFERS, offersPage, ORDERS, PARTS, partsPage } from './changes';

/** Settings of the sandbox beyond those of every sandbox. */
export interface FakeSandboxOptions extends SandboxOptions {
  /** Most records in one answer. */
  readonly pageSize?: number;
}

/** What a client signs in with. */
export const FAKE_CREDENTIALS = { clientId: 'quotebridge', clientSecret: 'fake-client-secret' } as const;

const TOKEN_MS = 3_600_000;

const FAULTS = [
  { name: 'foreignNextLink', description: 'The next link leads to another host.' },
  { name: 'expireDelta', description: 'The delta token is no longer known: 410.' },
  { name: 'refuseOrder', description: 'The order is refused: 422.', writesOnly: true },
];

const seed = (tables: Tables, seededAt: number, options: FakeSandboxOptions): void => {
  const { materials } = machineBuilder(options.seed ?? 1, options.size ?? 1);
  // Many share a time of change, as after an import.
  const changedAt = (index: number): string =>
    new Date(seededAt - 3_600_000 + Math.floor(index / 10)).toISOString();
  materials.forEach(({ number, name, price, unit }, index) => {
    tables.put(PARTS, number, { id: number, name, unit, changedAt: changedAt(index), deleted: false });
    tables.put(OFFERS, number, { id: number, part: number, name, price, change: tables.next('change') });
  });
};

const bodyOf = (request: FastifyRequest): JsonObject => {
  try {
    const body: unknown = JSON.parse(String(request.body));
    if (isJsonObject(body)) return body;
  } catch {
    // Told below.
  }
  throw new Refusal(400, 'BAD_JSON', 'The body is no JSON object.');
};

const queryOf = (request: FastifyRequest): URLSearchParams =>
  new URL(request.url, 'http://fake').searchParams;

const routes = ({ app, tables, faults, clock }: SandboxContext, tokens: Tokens, pageSize: number): void => {
  const signedIn = (request: FastifyRequest): void => {
    const token = bearerToken(request.headers.authorization);
    if (token === undefined || !tokens.isValid(token))
      throw new Refusal(401, 'UNAUTHORIZED', 'Sign in first.');
  };
  const hostOf = (request: FastifyRequest): string =>
    faults.take('foreignNextLink', request) === undefined ? '' : 'http://elsewhere.example';

  app.post('/oauth2/token', async (request) => {
    const form = new URLSearchParams(String(request.body));
    const isKnown =
      form.get('client_id') === FAKE_CREDENTIALS.clientId &&
      sameSecret(form.get('client_secret') ?? '', FAKE_CREDENTIALS.clientSecret);
    if (!isKnown) throw new Refusal(401, 'INVALID_CLIENT', 'Client and secret do not fit.');
    return { access_token: tokens.issue(), token_type: 'Bearer', expires_in: TOKEN_MS / 1_000 };
  });
  app.get('/parts', async (request) => {
    signedIn(request);
    const query = queryOf(request);
    const { items, next } = partsPage(
      tables,
      query.get('since') ?? '',
      query.get('after') ?? undefined,
      pageSize,
    );
    if (next === undefined) return { items };
    query.set('after', next);
    return { items, next: `${hostOf(request)}/parts?${query.toString()}` };
  });
  app.get('/offers', async (request, reply) => {
    signedIn(request);
    const token = queryOf(request).get('token');
    if (token !== null && faults.take('expireDelta', request) !== undefined)
      return reply
        .code(410)
        .send({ code: 'TOKEN_EXPIRED', message: 'The delta token has expired; read everything.' });
    return offersPage(tables, Number(token ?? 0), pageSize);
  });
  app.get<{ Params: { id: string } }>('/parts/:id/stock', async (request) => {
    signedIn(request);
    const part = tables.get(PARTS, request.params.id);
    if (part === undefined) throw new Refusal(404, 'UNKNOWN_PART', `There is no part ${request.params.id}.`);
    return { part: request.params.id, quantity: request.params.id.length, unit: part['unit'] ?? null };
  });
  app.get('/orders', async (request) => {
    signedIn(request);
    const externalId = queryOf(request).get('externalId');
    return { items: tables.all(ORDERS).filter((row) => row['externalId'] === externalId) };
  });
  app.post('/orders', async (request, reply: FastifyReply) => {
    signedIn(request);
    if (faults.take('refuseOrder', request) !== undefined)
      throw new Refusal(422, 'ORDER_REFUSED', 'The customer is blocked.');
    const { externalId, lines } = bodyOf(request);
    if (typeof externalId !== 'string' || !Array.isArray(lines) || lines.length === 0)
      throw new Refusal(400, 'BAD_ORDER', 'An order has an externalId and lines.');
    // It does not look whether it has the externalId already: looking is up to the client.
    const number = String(tables.next('order', 1_001));
    const order = { number, externalId, lines, createdAt: new Date(clock.now()).toISOString() };
    tables.put(ORDERS, number, order);
    return reply.code(201).send(order);
  });
  // What somebody who works in the system does; no part of its API.
  app.post('/__sandbox/change', async (request) => {
    const { table, id, ...fields } = bodyOf(request);
    const name = String(table);
    const key = String(id);
    const row = { ...tables.get(name, key), id: key, ...fields };
    if (fields['gone'] === true) tables.remove(name, key);
    else if (name === OFFERS) tables.put(name, key, { ...row, change: tables.next('change') });
    else tables.put(name, key, { ...row, changedAt: new Date(clock.now()).toISOString() });
    return row;
  });
};

/** Starts a simulated system of no vendor: plain JSON over HTTP, for the contract of connectors and as a pattern. */
export const startFakeSandbox = (options: FakeSandboxOptions): Promise<Sandbox> => {
  const tokens = new Tokens(options.clock ?? systemClock, TOKEN_MS, () => randomUUID());
  return startVendorSystem(
    {
      title: 'Fake sandbox',
      intro: 'A system of no vendor: parts, offers and orders as plain JSON.',
      faults: FAULTS,
      seed: (tables, seededAt) => seed(tables, seededAt, options),
      routes: (context) => routes(context, tokens, options.pageSize ?? 20),
      errorAnswer: ({ status, code, message, paths }) => ({
        status,
        body: { code, message, ...(paths.length > 0 ? { fields: paths } : {}) },
      }),
      expireTokens: () => tokens.clear(),
      views: (tables) =>
        [PARTS, OFFERS, ORDERS].map((title) => {
          const rows = tables.all(title);
          const columns = Object.keys(rows[0] ?? {});
          return {
            title,
            columns,
            rows: rows.map((row) => columns.map((name) => JSON.stringify(row[name] ?? ''))),
          };
        }),
    },
    options,
  );
};
