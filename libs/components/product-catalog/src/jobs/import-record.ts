import { isoNow, stableId, type Clock, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { bindingOf, reservedNames, type ResourceService } from '@quotebridge/tmf/resource';
import { annotateTypes, validatorFor, type ApiVersion } from '@quotebridge/tmf-specs';
import { confidentialNames } from '../confidential';
import type { FileRecord } from './record-reader';
import { targetOf, targetOfType } from './target';

/** A record that can be stored. */
export interface ReadyRecord {
  readonly line: number;
  /** The resource's v5 name. */
  readonly target: string;
  readonly id: string;
  /** v5 attributes, without `id` and `href`. */
  readonly attributes: JsonObject;
}

/** A record that cannot be stored. */
export interface WrongRecord {
  readonly line: number;
  readonly faults: readonly Fault[];
}

/** What the records of one job have in common. */
export interface ImportFrame {
  readonly job: string;
  /** The job's path, which may name the resource. */
  readonly path: unknown;
  readonly version: ApiVersion;
  readonly clock: Clock;
  readonly service: (resource: string) => ResourceService;
}

const NO_TARGET: Fault = {
  path: '/@type',
  message: 'does not say which resource this is, and the job has no path',
  code: 'required',
};

const wrong = (line: number, ...faults: readonly Fault[]): WrongRecord => ({ line, faults });

/** What a file may leave out because the server sets it anyway; filled in for the check only. */
const completed = (body: JsonObject, { version, clock }: ImportFrame): JsonObject =>
  version === 'v4' ? body : { lastUpdate: isoNow(clock), lifecycleStatus: 'In Study', ...body };

const confidential = (target: string, body: JsonObject): Fault[] =>
  confidentialNames(target)
    .filter((name) => body[name] !== undefined)
    .map((name) => ({
      path: `/${name}`,
      message: 'is confidential and no part of a file',
      code: 'confidential',
    }));

/** Checks a record in the way a POST would be and brings it into the stored shape. */
export const readyRecord = (record: FileRecord, frame: ImportFrame): ReadyRecord | WrongRecord => {
  const { line } = record;
  if ('error' in record) return wrong(line, { path: '', message: record.error, code: 'unreadable' });
  const target = targetOf(frame.path) ?? targetOfType(record.value['@type']);
  if (target === undefined) return wrong(line, NO_TARGET);
  const { definition } = frame.service(target);
  const { schemas, mapper } = bindingOf(definition, frame.version);
  const { href: _href, ...given } = record.value;
  const body: JsonObject = frame.version === 'v5' ? { '@type': definition.eventName, ...given } : given;
  const faults = [
    ...validatorFor('TMF620', frame.version, schemas.create)(completed(body, frame)),
    ...reservedNames(body),
    ...confidential(target, body),
  ];
  if (faults.length > 0) return wrong(line, ...faults);
  const stored = mapper ? mapper.toStored(body) : body;
  const { id, ...attributes } = annotateTypes('TMF620', bindingOf(definition, 'v5').schemas.response, stored);
  return {
    line,
    target,
    id: typeof id === 'string' ? id : stableId('importJob', frame.job, String(line)),
    attributes,
  };
};
