import { randomUUID } from 'node:crypto';
import { isJsonObject, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { sendSigned, type Tables } from '@quotebridge/sandbox/core';
import { refused } from './errors';
import { objectNamed } from './model';

const TYPES = ['CREATE', 'UPDATE', 'DELETE', 'UNDELETE', 'GAP_UPDATE'];

/**
 * Forwards a change event of an object, as an Apex trigger or a flow of an org does: the event of Change Data Capture in
 * JSON, signed. `order`: `{url, secret, entity, ids, changeType}`; see {@link sendSigned} for the rest.
 */
export const forwardChange = async (request: unknown, tables: Tables, clock: Clock): Promise<JsonObject> => {
  const order = isJsonObject(request) ? request : {};
  const { entity, ids, changeType = 'UPDATE' } = order;
  const object = typeof entity === 'string' ? objectNamed(entity, tables) : undefined;
  if (object === undefined || !Array.isArray(ids) || !TYPES.includes(String(changeType)))
    throw refused(
      400,
      'INVALID_FIELD',
      `Send {"entity":…,"ids":[…],"changeType":one of ${TYPES.join(', ')}}.`,
    );
  const [first] = ids;
  const row = typeof first === 'string' ? tables.get(object.name, first) : undefined;
  const number = tables.next('ChangeEvent');
  const ChangeEventHeader = {
    entityName: object.name,
    recordIds: ids,
    changeType,
    changeOrigin: 'com/salesforce/api/rest/62.0',
    transactionKey: randomUUID(),
    sequenceNumber: 1,
    commitTimestamp: Number(row?.['SystemModstamp'] ?? clock.now()),
    commitNumber: number,
  };
  const message = {
    channel: `/data/${object.name}ChangeEvent`,
    data: { schema: 'sandbox', payload: { ChangeEventHeader }, event: { replayId: number } },
  };
  return sendSigned(order, message, clock);
};
