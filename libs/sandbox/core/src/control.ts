import type { FastifyInstance } from 'fastify';
import { Refusal } from '@quotebridge/platform/core';
import type { Faults } from './faults';
import type { Journal } from './journal';
import { renderPage, type PageQuery, type TableView } from './page';
import type { Tables } from './tables';

interface Control {
  readonly vendor: {
    readonly title: string;
    readonly intro: string;
    views(tables: Tables): readonly TableView[];
  };
  readonly tables: Tables;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly reset: () => void;
}

/** Rows of a table that are told at once; `?from=` leads on. */
const MOST_ROWS = 50_000;

const parse = (body: unknown): unknown => {
  try {
    return JSON.parse(String(body));
  } catch {
    throw new Refusal(400, 'badJson', 'The body is not JSON.');
  }
};

/** Routes of the sandbox itself, which the vendor's system does not have: switches, journal, reset, page. */
export const registerControl = (app: FastifyInstance, control: Control): void => {
  const { vendor, tables, faults, journal, reset } = control;
  app.get<{ Querystring: PageQuery }>('/', async ({ query }, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .send(renderPage(vendor.title, vendor.intro, vendor.views(tables), query)),
  );
  app.get('/__sandbox/faults', async () => ({ armed: faults.list(), known: faults.kinds }));
  app.post('/__sandbox/faults', async (request, reply) =>
    reply.code(201).send(faults.arm(parse(request.body))),
  );
  app.delete('/__sandbox/faults', async (_request, reply) => {
    faults.clear();
    return reply.code(204).send();
  });
  app.get('/__sandbox/requests', async () => journal.list());
  app.delete('/__sandbox/requests', async (_request, reply) => {
    journal.clear();
    return reply.code(204).send();
  });
  app.get<{ Params: { table: string }; Querystring: { from?: string } }>(
    '/__sandbox/tables/:table',
    async ({ params, query }) => tables.slice(params.table, Math.max(0, Number(query.from) || 0), MOST_ROWS),
  );
  app.post('/__sandbox/reset', async (_request, reply) => {
    reset();
    return reply.code(204).send();
  });
};
