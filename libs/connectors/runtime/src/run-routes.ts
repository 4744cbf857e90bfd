import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import {
  UnknownStream,
  type ConnectorInstance,
  type ConnectorStores,
  type RunAsk,
  type RunMode,
} from '@quotebridge/connectors/sdk';
import { contextFromHeaders, traceHeadersOf } from '@quotebridge/platform/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { listOrder, orUnknownStream, sendListed, type ListQuery } from './paging';

/** What the operations routes work on. */
export interface OperationsOptions {
  readonly instance: ConnectorInstance;
  readonly stores: ConnectorStores;
  /** Who calls, for the records. */
  readonly operator: string;
}

/** What can be asked of a run over HTTP. */
type RunRequest = Pick<RunAsk, 'mode' | 'dryRun'> & { readonly wait: boolean };

const MODES: readonly unknown[] = ['delta', 'compare', 'full'] satisfies RunMode[];

const isMode = (value: unknown): value is RunMode => MODES.includes(value);

const flag = (body: JsonObject, name: string): boolean => {
  const value = body[name] ?? false;
  if (typeof value !== 'boolean') throw new Refusal(400, 'badRun', `"${name}" must be true or false`);
  return value;
};

/** Reads the body of a run request; an absent one asks for a run as usual. */
export const readRunRequest = (body: unknown): RunRequest => {
  if (body !== undefined && body !== null && !isJsonObject(body))
    throw new Refusal(
      400,
      'badRun',
      'Send a JSON object such as {"mode":"delta","dryRun":false,"wait":false}',
    );
  const given = isJsonObject(body) ? body : {};
  const unknown = Object.keys(given).find((name) => !['mode', 'dryRun', 'wait'].includes(name));
  if (unknown !== undefined)
    throw new Refusal(400, 'badRun', `A run knows mode, dryRun and wait, not ${unknown}`);
  const { mode } = given;
  if (mode !== undefined && !isMode(mode))
    throw new Refusal(400, 'badMode', `mode must be delta, compare or full, not ${JSON.stringify(mode)}`);
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(flag(given, 'dryRun') ? { dryRun: true } : {}),
    wait: flag(given, 'wait'),
  };
};

/** Asks for a run; answers at once with its address, where it waits for those before it, or with its record when it has ended. */
export const startRun = async (
  reply: FastifyReply,
  instance: ConnectorInstance,
  stream: string,
  ask: RunAsk,
  wait: boolean,
): Promise<FastifyReply> => {
  const { id, done } = await instance.askStream(stream, ask).catch((thrown: unknown) => {
    throw thrown instanceof UnknownStream ? new Refusal(404, 'unknownStream', thrown.message) : thrown;
  });
  if (wait) return reply.send(await done);
  return reply.code(202).header('location', `/runs/${id}`).send({ id });
};

/** Streams and their runs: see them, start them. */
export const runRoutes = (app: FastifyInstance, { instance, stores, operator }: OperationsOptions): void => {
  const asked = ({ headers }: Pick<FastifyRequest, 'headers'>) =>
    ({ trigger: 'manual', by: operator, headers: traceHeadersOf(contextFromHeaders(headers)) }) as const;
  app.post<{ Params: { stream: string } }>('/streams/:stream/run', async (request, reply) => {
    const { wait, ...ask } = readRunRequest(request.body);
    return startRun(reply, instance, request.params.stream, { ...ask, ...asked(request) }, wait);
  });
  app.post('/runs', async (request, reply) => {
    const { wait, ...ask } = readRunRequest(request.body);
    const { runs, done } = await instance.askAll({ ...ask, ...asked(request) });
    if (wait) return reply.send(await done);
    return reply.code(202).send({ runs, streams: runs.map(({ stream }) => stream) });
  });
  app.get<{ Querystring: ListQuery }>('/runs', async (request, reply) =>
    sendListed(
      request,
      reply,
      orUnknownStream(instance, request.query, await stores.runs.list(listOrder(request.query))),
    ),
  );
  app.get<{ Params: { run: string } }>('/runs/:run', async ({ params }) => {
    const found = await stores.runs.get(params.run);
    if (found === undefined) throw new Refusal(404, 'unknownRun', `There is no run ${params.run}`);
    return found;
  });
};
