import { isJsonObject, type Json, type JsonObject, type Refusal } from '@quotebridge/platform/core';
import type { Row, Tables } from '@quotebridge/sandbox/core';
import { rowKey, type EntitySet, type ServiceModel } from '../model/entity';
import { decodeValue, etagOf } from './encode';
import { badRequest, refused } from './errors';
import { targetOf } from './query';

/** A request body, read: the entity's own properties and the entities sent along by navigation. */
export interface SentEntity {
  readonly own: Row;
  readonly children: Readonly<Record<string, readonly SentEntity[]>>;
}

const childrenOf = (sent: Json | undefined): Json[] => {
  if (Array.isArray(sent)) return sent;
  if (!isJsonObject(sent)) return [];
  return Array.isArray(sent['results']) ? sent['results'] : [sent];
};

/** Reads a create or update body, bare or wrapped in `d`; unknown properties are refused. */
export const readEntity = (service: ServiceModel, set: EntitySet, body: unknown): SentEntity => {
  if (!isJsonObject(body)) throw badRequest('The request body must be a JSON object.');
  const sent = isJsonObject(body['d']) ? body['d'] : body;
  const own: Row = {};
  const children: Record<string, SentEntity[]> = {};
  for (const [name, value] of Object.entries(sent)) {
    if (name === '__metadata' || value === undefined) continue;
    const type = Object.hasOwn(set.fields, name) ? set.fields[name] : undefined;
    const nav = Object.hasOwn(set.navs, name) ? set.navs[name] : undefined;
    if (type !== undefined) own[name] = decodeValue(name, type, value);
    else if (nav === undefined)
      throw badRequest(`Property '${name}' is invalid for type ${set.set}Type.`, name);
    else {
      const target = targetOf(service, nav);
      children[name] = childrenOf(value).map((child) => readEntity(service, target, child));
    }
  }
  return { own, children };
};

/** The time of day of a moment, as an `Edm.Time`. */
export const timeOf = (now: number): string => {
  const [hours = '', minutes = '', seconds = ''] = new Date(now).toISOString().slice(11, 19).split(':');
  return `PT${hours}H${minutes}M${seconds}S`;
};

/** Midnight UTC of a moment: what an `Edm.DateTime` date holds. */
export const dayOf = (now: number): number => now - (((now % 86_400_000) + 86_400_000) % 86_400_000);

/** The row with its change stamps moved on; a stamp never stands still, so an ETag is never used twice. */
export const stamped = (set: EntitySet, row: Row, now: number): Row => {
  const stamp: JsonObject = {};
  const moved = Math.max(now, Number(row['_changed'] ?? 0) + 1);
  if (set.changedAt !== undefined) stamp[set.changedAt] = moved;
  if ('ETag' in set.fields) stamp['ETag'] = String(moved);
  if ('LastChangeDate' in set.fields) stamp['LastChangeDate'] = dayOf(now);
  if ('LastChangeTime' in set.fields) stamp['LastChangeTime'] = timeOf(now);
  return { ...row, ...stamp, _changed: moved };
};

/** The state that a write works on. */
export interface WriteScope {
  readonly service: ServiceModel;
  readonly tables: Tables;
  readonly now: number;
}

/** Creates an entity with the entities sent along, numbers given by the system. */
export const createEntity = ({ service, tables, now }: WriteScope, set: EntitySet, sent: SentEntity): Row => {
  const created: Row = 'CreationDate' in set.fields ? { CreationDate: dayOf(now) } : {};
  const row = stamped(set, { ...created, ...sent.own, ...set.number?.(tables) }, now);
  const missing = set.keys.find((key) => row[key] === undefined);
  if (missing !== undefined) throw badRequest(`Property '${missing}' is a key and must be given.`, missing);
  const key = rowKey(set, row);
  if (tables.get(set.set, key) !== undefined) {
    throw refused(400, '/IWBEP/CM_MGW_RT/022', `${set.set} with key '${key}' already exists.`);
  }
  tables.put(set.set, key, row);
  for (const [name, children] of Object.entries(sent.children)) {
    const nav = set.navs[name];
    if (nav === undefined) continue;
    const target = targetOf(service, nav);
    const inherited = Object.fromEntries(Object.entries(nav.on).map(([field, own]) => [field, row[own]]));
    for (const child of children) {
      createEntity({ service, tables, now }, target, { ...child, own: { ...child.own, ...inherited } });
    }
  }
  return row;
};

/** Somebody has changed the entity since the writer read it. */
export const changedSinceRead = (): Refusal =>
  refused(412, '/IWBEP/CM_MGW_RT/118', 'The entity was changed since it was read. Read it again.');

/** Checks If-Match: 428 when the set needs one and none came, 412 when the entity has moved on. */
export const checkMatch = (set: EntitySet, row: Row, ifMatch: string | undefined): void => {
  const current = etagOf(set, row);
  if (current === undefined || ifMatch === '*') return;
  if (ifMatch === undefined) {
    throw refused(
      428,
      '/IWBEP/CM_MGW_RT/137',
      'The data service request is required to be conditional. Send If-Match.',
    );
  }
  if (ifMatch !== current) throw changedSinceRead();
};
