import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { readTime } from '../soql';

/** Makes resources of a record, or says what is wrong with it. Pure. */
export type MapRecord = (record: JsonObject) => readonly IngestRecord[] | Rejection;

/** The record of a Salesforce object, or its end when it was deleted. Pure. */
export const mapped =
  (idOf: (id: string) => string, resourceOf: (id: string, record: JsonObject) => JsonObject): MapRecord =>
  (record) => {
    const id = textAt(record, 'Id');
    if (id === undefined) return { faults: [{ path: '/Id', message: 'is missing', code: 'required' }] };
    const changed = readTime(record['SystemModstamp']);
    const base = {
      externalId: id,
      id: idOf(id),
      ...(changed === undefined ? {} : { modifiedAt: changed }),
    };
    return record['IsDeleted'] === true
      ? [{ ...base, op: 'delete', resource: {} }]
      : [{ ...base, op: 'upsert', resource: resourceOf(id, record) }];
  };
