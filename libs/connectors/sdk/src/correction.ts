import { err, ok, type JsonObject, type Result } from '@quotebridge/platform/core';
import { mapPage, type MapRecord } from './mapped-page';
import type { Quarantined } from './ports';
import type { Stream } from './stream';

/**
 * The record that takes the place of a quarantined one when somebody corrects it to `given`, or why it cannot: one of
 * which nothing becomes would end the entry without a trace.
 */
export const correctionOf = async (
  stream: Stream,
  map: MapRecord,
  { record, externalId, missing }: Pick<Quarantined, 'record' | 'externalId' | 'missing'>,
  given: JsonObject,
): Promise<Result<JsonObject, string>> => {
  if (missing === true)
    return err(`The outside system no longer has ${externalId}: replay the entry or discard it`);
  const read = stream.asRead === undefined ? given : stream.asRead(given, record);
  if (read === undefined)
    return err(`${externalId} was refused as a whole: bring it anew, a record cannot take its place`);
  const { others } = await mapPage(stream, [read], map);
  return others.length === 0
    ? ok(read)
    : err(`Nothing becomes of this record in ${stream.name}; discard the entry if that is meant`);
};
