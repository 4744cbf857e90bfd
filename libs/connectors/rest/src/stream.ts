import {
  recordMapper,
  type ConnectorContext,
  type ReadProgress,
  type Stream,
  type StreamPage,
} from '@quotebridge/connectors/sdk';
import { pagesOf } from './paging';
import type { RestClient } from './rest-client';
import type { Delta, Paging, RestStream } from './settings';

const COUNTED: ReadonlySet<Paging['kind']> = new Set(['page', 'offset']);

/** The value of the delta parameter. */
export const deltaValue = (
  { format, template }: Pick<Delta, 'format' | 'template'>,
  from: string,
): string => {
  const at = Date.parse(from);
  const texts: Readonly<Record<Delta['format'], string>> = {
    iso: new Date(at).toISOString(),
    date: new Date(at).toISOString().slice(0, 10),
    epochSeconds: String(Math.floor(at / 1000)),
    epochMillis: String(at),
  };
  return template.replaceAll('{from}', texts[format]);
};

const later = (left: string | undefined, right: string | undefined): string | undefined =>
  left === undefined || (right !== undefined && Date.parse(right) > Date.parse(left)) ? right : left;

/** A stream of the records of a list. */
export const restStream = (
  stream: RestStream,
  client: RestClient,
  overlapMs: number,
  { instance }: Pick<ConnectorContext, 'instance'>,
): Stream => {
  const mapper = recordMapper(instance, stream);
  const { delta } = stream;
  const isSorted = delta?.sorted === true;
  // What a delta loses is read again with its next change only; a comparison comes round again by itself.
  const looksBack = delta !== undefined && COUNTED.has(stream.paging.kind);

  async function* read(
    from: string | undefined,
    signal: AbortSignal,
    { checkpoint }: ReadProgress,
  ): AsyncGenerator<StreamPage> {
    // A list in any order has no place in its middle; the latest time of change is known at its end only.
    const since = isSorted ? from : checkpoint?.token;
    const start =
      since === undefined || isSorted ? since : new Date(Date.parse(since) - overlapMs).toISOString();
    const query =
      delta === undefined || start === undefined
        ? stream.query
        : { ...stream.query, [delta.parameter]: deltaValue(delta, start) };
    let latest = since;
    for await (const page of pagesOf(client, stream, query, signal, looksBack)) {
      for (const record of page) latest = later(latest, mapper.changedAt(record));
      yield page;
    }
    if (delta !== undefined && !isSorted && latest !== undefined) yield { records: [], token: latest };
  }

  return {
    name: stream.name,
    title: stream.title ?? stream.name,
    entity: stream.path,
    resource: stream.resource,
    overlapMs,
    ownedThere: mapper.attributes,
    ...mapper.sharing,
    ...(delta === undefined ? { mode: 'compare' as const } : {}),
    ...(stream.samples === undefined ? {} : { samples: stream.samples }),
    ...(stream.missing === undefined ? {} : { missing: stream.missing }),
    ...(COUNTED.has(stream.paging.kind) ? { slips: true as const } : {}),
    identity: (record) => mapper.identity(record),
    position: (record) => {
      const at = isSorted ? mapper.changedAt(record) : undefined;
      const id = mapper.identity(record);
      return at === undefined || id === undefined ? undefined : { at, id };
    },
    read,
    ends: (record) => mapper.ends(record),
    map: (record) => mapper.map(record),
  };
};
