import type { Clock, JsonObject } from '@quotebridge/platform/core';
import { textAt, type Cursor, type Stream } from '@quotebridge/connectors/sdk';
import type { ODataClient } from '../odata-client';
import { readDate, withoutLinks } from '../odata-values';
import { changedSince, type ChangeOrder } from '../reading/changed-since';
import type { S4Settings } from '../settings';

/** What the streams of an instance are made with. */
export interface StreamParts {
  /** Name of the instance. */
  readonly source: string;
  readonly settings: S4Settings;
  readonly client: ODataClient;
  readonly clock: Clock;
}

/** How long before the checkpoint a delta begins. */
export const overlapOf = ({ settings }: StreamParts): number => settings.overlapSeconds * 1000;

/** The place of a record by the time of its last change. */
export const positionBy =
  (idField: string) =>
  (record: JsonObject): Cursor | undefined => {
    const at = readDate(record['LastChangeDateTime']);
    const id = textAt(record, idField);
    return at === undefined || id === undefined ? undefined : { at, id };
  };

/** Pages without links and metadata. */
export async function* bare(
  pages: AsyncIterable<readonly JsonObject[]>,
): AsyncGenerator<readonly JsonObject[]> {
  for await (const page of pages) yield page.map(withoutLinks);
}

/** Reads a set in the order of its changes. */
export const change = (
  { client, settings }: StreamParts,
  order: Omit<ChangeOrder, 'timeField' | 'pageSize'>,
): Stream['read'] => {
  const full: ChangeOrder = { ...order, timeField: 'LastChangeDateTime', pageSize: settings.pageSize };
  return (from, signal) => bare(changedSince(client, full, from, signal));
};
