import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import {
  mapPage,
  WrongMapping,
  type ConnectorInstance,
  type MapRecord,
  type Stream,
} from '@quotebridge/connectors/sdk';
import type { FastifyInstance } from 'fastify';
import { streamOf } from './paging';
import type { OperationsOptions } from './run-routes';

const MOST_RECORDS = 100;

interface PreviewRequest {
  readonly mapping: Readonly<Record<string, string>> | undefined;
  readonly records: readonly JsonObject[] | undefined;
}

const isMapping = (value: unknown): value is Readonly<Record<string, string>> =>
  isJsonObject(value) && Object.values(value).every((expression) => typeof expression === 'string');

const readPreview = (body: unknown): PreviewRequest => {
  const { mapping, records } = isJsonObject(body) ? body : {};
  if (mapping !== undefined && !isMapping(mapping))
    throw new Refusal(400, 'badPreview', '"mapping" must be an object: attribute to JSONata expression');
  const isList = Array.isArray(records) && records.length <= MOST_RECORDS && records.every(isJsonObject);
  if (records !== undefined && !isList)
    throw new Refusal(400, 'badPreview', `"records" must be a list of at most ${MOST_RECORDS} objects`);
  return { mapping, records: isList ? records.filter(isJsonObject) : undefined };
};

const mapOf = (
  instance: ConnectorInstance,
  stream: Stream,
  mapping: PreviewRequest['mapping'],
): MapRecord => {
  try {
    return instance.mapOf(stream, mapping);
  } catch (thrown) {
    if (!(thrown instanceof WrongMapping)) throw thrown;
    const faults = thrown.lines.map((message) => ({ path: '/mapping', message, code: 'mapping' }));
    throw new Refusal(400, 'badMapping', 'The mapping cannot be used', { faults });
  }
};

/**
 * `POST /streams/{name}/preview`: what records become, with the mapping in the body or the instance's own. Records are
 * those of the body, else the quarantined ones, else the samples of the stream. Changes nothing.
 */
export const previewRoutes = (
  app: FastifyInstance,
  { instance, stores }: Omit<OperationsOptions, 'operator'>,
): void => {
  app.post<{ Params: { stream: string } }>('/streams/:stream/preview', async ({ params, body }) => {
    const asked = readPreview(body);
    const stream = streamOf(instance, params.stream);
    const map = mapOf(instance, stream, asked.mapping);
    const { items } = await stores.quarantine.list({ stream: stream.name, limit: MOST_RECORDS });
    const quarantined = items.map(({ record }) => record);
    const typed = asked.records?.map((record) => stream.asRead?.(record) ?? record);
    const records = typed ?? (quarantined.length > 0 ? quarantined : (stream.samples ?? []));
    const { mapped, rejected, others } = await mapPage(stream, records, map);
    return [
      ...mapped.map((one) => ({
        externalId: one.externalId,
        resources: one.records.map(({ op, id, resource }) => ({ op, id, resource })),
      })),
      ...rejected.map(({ externalId, faults }) => ({ externalId, faults })),
      ...others.map((externalId) => ({ externalId, resources: [] })),
    ];
  });
};
