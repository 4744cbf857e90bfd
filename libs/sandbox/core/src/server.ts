import { setTimeout as sleep } from 'node:timers/promises';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { cannotListen, Refusal, systemClock, type Clock } from '@quotebridge/platform/core';
import { registerControl } from './control';
import { DataFile } from './data-file';
import { playAfter, playBefore, type VendorAnswer, type VendorRefusal } from './fault-play';
import { Faults, GENERAL_FAULTS, type FaultKind } from './faults';
import { Journal, type JournalEntry } from './journal';
import type { Sandbox, SandboxOptions } from './options';
import type { TableView } from './page';
import { Tables } from './tables';

/** What a vendor's part gets to work with. */
export interface SandboxContext {
  readonly app: FastifyInstance;
  readonly tables: Tables;
  readonly faults: Faults;
  readonly clock: Clock;
}

/** How a vendor's part describes itself to the scaffolding. */
export interface VendorSystem {
  readonly title: string;
  readonly intro: string;
  /** Faults beyond {@link GENERAL_FAULTS}. */
  readonly faults: readonly FaultKind[];
  /** Fills the tables; `seededAt` (milliseconds) is the day that relative dates count from. */
  seed(tables: Tables, seededAt: number): void;
  /** Registers the vendor's routes. */
  routes(context: SandboxContext): void;
  /** The vendor's error body for a refusal that a route threw or a fault asked for, at this address. */
  errorAnswer(refusal: VendorRefusal, url: string): VendorAnswer;
  /** Makes all tokens and sessions given so far invalid. */
  expireTokens(): void;
  views(tables: Tables): readonly TableView[];
}

const CONTROL = /^\/(__sandbox|$|\?)/;

const isControl = (request: FastifyRequest): boolean => CONTROL.test(request.url);

/** Starts a vendor system on HTTP with fault switches, request journal, data page and kept data. */
export const startVendorSystem = async (vendor: VendorSystem, options: SandboxOptions): Promise<Sandbox> => {
  const clock = options.clock ?? systemClock;
  const tables = new Tables();
  const faults = new Faults([...GENERAL_FAULTS, ...vendor.faults]);
  const journal = new Journal();
  const file = options.dataFile === undefined ? undefined : new DataFile(options.dataFile, tables);
  const kept = file?.read();
  let seededAt = kept?.seededAt ?? clock.now();
  tables.reseed((fresh) => vendor.seed(fresh, seededAt));
  if (kept !== undefined) {
    tables.apply(kept.changes);
    file?.markSaved();
  }

  const app = fastify({
    logger: false,
    bodyLimit: 20 * 1024 * 1024,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  app.addHook('onRequest', async (request, reply) => {
    if (isControl(request)) return;
    // "close" also comes when a fault cuts the connection; fastify's own onResponse hook would miss that.
    reply.raw.once('close', () => journal.add(entry(clock, faults, request, reply)));
    if (options.latencyMs !== undefined && options.latencyMs > 0) await sleep(options.latencyMs);
    await playBefore(faults, vendor, request, reply);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    await file?.flush(seededAt);
    if (isControl(request)) return payload;
    return playAfter(faults, vendor, request, reply, payload);
  });
  app.setErrorHandler((error, _request, reply) => send(reply, vendor, error));
  app.setNotFoundHandler((request, reply) =>
    send(
      reply,
      vendor,
      new Refusal(404, 'NOT_FOUND', `There is nothing at ${request.method} ${request.url}.`),
    ),
  );

  registerControl(app, {
    vendor,
    tables,
    faults,
    journal,
    reset: () => {
      seededAt = clock.now();
      faults.clear();
      journal.clear();
      vendor.expireTokens();
      tables.reseed((fresh) => vendor.seed(fresh, seededAt));
    },
  });
  vendor.routes({ app, tables, faults, clock });
  await listen(app, vendor.title, options);
  await file?.flush(seededAt);
  const address = app.server.address();
  const port = typeof address === 'object' && address !== null ? address.port : options.port;
  const shown = options.host === '0.0.0.0' || options.host === '::' ? '127.0.0.1' : options.host;
  return {
    url: `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`,
    port,
    close: async () => {
      await app.close();
      await file?.flush(seededAt);
    },
  };
};

const listen = async (app: FastifyInstance, title: string, { host, port }: SandboxOptions): Promise<void> => {
  try {
    await app.listen({ port, host });
  } catch (thrown) {
    await app.close();
    throw cannotListen(title, host, port, thrown);
  }
};

const send = (reply: FastifyReply, vendor: VendorSystem, thrown: unknown): FastifyReply => {
  const refusal = thrown instanceof Refusal ? thrown : undefined;
  const answer = vendor.errorAnswer(
    {
      status: refusal?.status ?? 500,
      code: refusal?.code ?? 'UNKNOWN',
      message: thrown instanceof Error ? thrown.message : String(thrown),
      paths: refusal?.faults.map((fault) => fault.path) ?? [],
    },
    reply.request.url,
  );
  return reply
    .code(answer.status)
    .headers({ ...answer.headers, ...refusal?.headers })
    .send(answer.body);
};

const entry = (clock: Clock, faults: Faults, request: FastifyRequest, reply: FastifyReply): JournalEntry => {
  const secret = request.url.includes('oauth2');
  const shown = faults.shownTo(request);
  const body = typeof request.body === 'string' && !secret ? request.body.slice(0, 4000) : '';
  return {
    at: new Date(clock.now()).toISOString(),
    method: request.method,
    url: request.url,
    status: shown.some((name) => name.startsWith('drop')) ? 0 : reply.statusCode,
    ms: Math.round(reply.elapsedTime),
    faults: shown,
    ...(body === '' ? {} : { body }),
  };
};
