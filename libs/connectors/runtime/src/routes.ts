import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@quotebridge/platform/core';
import {
  UnknownStream,
  type ConnectorInstance,
  type ConnectorStores,
  type RunMode,
} from '@quotebridge/connectors/sdk';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What the operations routes work on. */
export interface RoutesOptions {
  readonly instance: ConnectorInstance;
  readonly stores: ConnectorStores;
  /** When given, every route but the probes needs it as bearer token. */
  readonly token?: string;
}

interface StreamParams {
  Params: { stream: string };
  Querystring: { mode?: string; wait?: string };
}

const LIMIT = 200;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const refuseStrangers =
  (token: string) =>
  async (request: FastifyRequest): Promise<void> => {
    const given = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
    if (!timingSafeEqual(digest(given), digest(token))) {
      throw new Refusal(
        401,
        'unauthorized',
        'This connector is operated with its admin token as bearer token',
        {
          headers: { 'www-authenticate': 'Bearer' },
        },
      );
    }
  };

const modeOf = (text: string | undefined): RunMode => {
  if (text === undefined || text === 'delta') return 'delta';
  if (text === 'full') return 'full';
  throw new Refusal(400, 'badMode', `mode must be delta or full, not ${JSON.stringify(text)}`);
};

const unknownStream = (thrown: unknown): unknown =>
  thrown instanceof UnknownStream ? new Refusal(404, 'unknownStream', thrown.message) : thrown;

/** Run streams now, see runs and the quarantine, replay what was rejected. */
export const operationsRoutes = async (
  app: FastifyInstance,
  { instance, stores, token }: RoutesOptions,
): Promise<void> => {
  if (token !== undefined) app.addHook('onRequest', refuseStrangers(token));

  const run = async (
    { params, query }: FastifyRequest<StreamParams>,
    reply: FastifyReply,
    trigger: 'manual' | 'replay',
  ): Promise<FastifyReply> => {
    const mode = modeOf(query.mode);
    let started: (id: string) => void = () => undefined;
    const id = new Promise<string>((resolve) => (started = resolve));
    const done = instance
      .runStream(params.stream, trigger, mode, (runId) => started(runId))
      .catch((thrown: unknown) => {
        throw unknownStream(thrown);
      });
    if (query.wait === 'true') return reply.send(await done);
    // Whichever comes first: a run that is refused or skipped never starts.
    const first = await Promise.race([id, done]);
    done.catch(() => undefined);
    if (typeof first !== 'string') return reply.send(first);
    return reply.code(202).header('location', `/runs/${first}`).send({ id: first });
  };

  app.post<StreamParams>('/runs/:stream', (request, reply) => run(request, reply, 'manual'));
  app.post<StreamParams>('/quarantine/:stream/replay', (request, reply) => run(request, reply, 'replay'));
  app.post<StreamParams>('/runs', async ({ query }) => instance.runAll('manual', modeOf(query.mode)));
  app.get<{ Querystring: { stream?: string } }>('/runs', ({ query }) =>
    stores.runs.list(query.stream, LIMIT),
  );
  app.get<{ Params: { run: string } }>('/runs/:run', async ({ params }) => {
    const found = await stores.runs.get(params.run);
    if (found === undefined) throw new Refusal(404, 'unknownRun', `There is no run ${params.run}`);
    return found;
  });
  app.get<{ Querystring: { stream?: string } }>('/quarantine', ({ query }) =>
    stores.quarantine.list(query.stream, LIMIT),
  );
};
