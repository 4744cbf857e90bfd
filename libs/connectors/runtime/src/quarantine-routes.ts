import { isJsonObject, Refusal } from '@quotebridge/platform/core';
import { correctionOf, type RunAsk } from '@quotebridge/connectors/sdk';
import type { FastifyInstance } from 'fastify';
import { listOrder, orUnknownStream, sendListed, streamOf, type ListQuery } from './paging';
import { startRun, type OperationsOptions } from './run-routes';

interface EntryParams {
  Params: { stream: string; record: string };
}

interface ReplayQuery {
  Querystring: { wait?: string; overrule?: string };
}

const replayOf = (
  { overrule }: ReplayQuery['Querystring'],
  by: string,
  only?: readonly string[],
): RunAsk => ({
  trigger: 'replay',
  by,
  ...(only === undefined ? {} : { only }),
  ...(overrule === 'true' ? { overrule: true } : {}),
});

const unknownEntry = ({ stream, record }: EntryParams['Params']): Refusal =>
  new Refusal(404, 'unknownEntry', `There is no ${record} of ${stream} in the quarantine`);

/**
 * Records that were not accepted: list, correct, try again, discard. `overrule=true` on a replay lets the records win
 * against other sources, for those that wait for a decision.
 */
export const quarantineRoutes = (
  app: FastifyInstance,
  { instance, stores: { quarantine }, operator }: OperationsOptions,
): void => {
  app.get<{ Querystring: ListQuery }>('/quarantine', async (request, reply) =>
    sendListed(
      request,
      reply,
      orUnknownStream(instance, request.query, await quarantine.list(listOrder(request.query))),
    ),
  );
  app.get<EntryParams>('/quarantine/:stream/:record', async ({ params }) => {
    const found = await quarantine.get(params.stream, params.record);
    if (found === undefined) throw unknownEntry(params);
    return found;
  });
  app.put<EntryParams & ReplayQuery>(
    '/quarantine/:stream/:record',
    async ({ params, body, query }, reply) => {
      const { stream, record } = params;
      if (!isJsonObject(body))
        throw new Refusal(
          400,
          'badRecord',
          'Send the corrected record as a JSON object, as the outside system has it',
        );
      const into = streamOf(instance, stream);
      const entry = await quarantine.get(stream, record);
      if (entry === undefined) throw unknownEntry(params);
      const corrected = await correctionOf(into, instance.mapOf(into), entry, body);
      if (!corrected.ok) throw new Refusal(409, 'notCorrectable', corrected.error);
      if (!(await quarantine.correct(stream, record, corrected.value, operator))) throw unknownEntry(params);
      return startRun(reply, instance, stream, replayOf(query, operator, [record]), query.wait === 'true');
    },
  );
  app.delete<EntryParams>('/quarantine/:stream/:record', async ({ params }, reply) => {
    if ((await quarantine.resolve(params.stream, [params.record])) === 0) throw unknownEntry(params);
    return reply.code(204).send();
  });
  app.post<{ Params: { stream: string } } & ReplayQuery>(
    '/quarantine/:stream/replay',
    async ({ params, query }, reply) =>
      startRun(reply, instance, params.stream, replayOf(query, operator), query.wait === 'true'),
  );
  app.post<EntryParams & ReplayQuery>(
    '/quarantine/:stream/:record/replay',
    async ({ params, query }, reply) => {
      const { stream, record } = params;
      if ((await quarantine.get(stream, record)) === undefined) throw unknownEntry(params);
      return startRun(reply, instance, stream, replayOf(query, operator, [record]), query.wait === 'true');
    },
  );
};
