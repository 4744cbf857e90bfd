import { VERSION_MARK, type JsonObject } from '@quotebridge/platform/core';
import type { OutboxEvent } from '@quotebridge/platform/store';

/** System attributes of a stored resource; all others are the resource's own, in the v5 shape. */
export interface SystemFields {
  _id: string;
  /** Grows by one with each change; the heart of the ETag. */
  _rev: number;
  _at: Date;
  _mod: Date;
  /** Principal of the last change. */
  _by: string;
  _outbox?: OutboxEvent[];
  /** Counts how often others held it while they wrote what refers to it. */
  _held?: number;
}

/** A resource as MongoDB holds it. */
export type StoredResource = SystemFields & Record<string, unknown>;

/** `_id` of a version that is no longer the latest. */
export const archivedId = (id: string, version: string): string => `${id}${VERSION_MARK}${version})`;

/** Takes `42:(version=1.0)` apart (TMF620 user guide, versioning). */
export const parseId = (text: string): { id: string; version?: string } => {
  const mark = text.indexOf(VERSION_MARK);
  if (mark < 0 || !text.endsWith(')')) return { id: text };
  return { id: text.slice(0, mark), version: text.slice(mark + VERSION_MARK.length, -1) };
};

/** The TMF id of a stored document: of all versions the same. */
export const publicId = (storedId: string): string => {
  const mark = storedId.indexOf(VERSION_MARK);
  return mark < 0 ? storedId : storedId.slice(0, mark);
};

/** Range of `_id`s of the archived versions of an id: `from` included, `to` excluded. */
export const archivedRange = (id: string): { from: string; to: string } => ({
  from: `${id}${VERSION_MARK}`,
  to: `${id}:(version>`,
});

/** The resource's own attributes, without system fields; `id` and `href` are not among them. */
export const attributesOf = (stored: StoredResource): JsonObject => {
  const attributes: JsonObject = {};
  for (const name in stored) {
    if (name.charCodeAt(0) !== 95) attributes[name] = stored[name] as JsonObject[string];
  }
  return attributes;
};

const PLAIN = /^[\w~.-]*$/;

/** A stored id as it stands in a path; most need no encoding. A version number may hold what would end the path. */
export const pathOf = (storedId: string): string =>
  PLAIN.test(storedId) ? storedId : encodeURI(storedId).replace(/[/?#]/g, encodeURIComponent);

/** The resource as v5 shows it: id and href first. */
export const toV5 = (stored: StoredResource, basePath: string, name: string): JsonObject => {
  const view: JsonObject = { id: publicId(stored._id), href: `${basePath}/${name}/${pathOf(stored._id)}` };
  for (const attribute in stored) {
    if (attribute.charCodeAt(0) !== 95) view[attribute] = stored[attribute] as JsonObject[string];
  }
  return view;
};

/** Strong validator of a stored state. A document made again under the same id has another creation time. */
export const etagOf = (stored: Pick<SystemFields, '_rev' | '_at'>): string =>
  `"${stored._rev.toString(36)}-${stored._at.getTime().toString(36)}"`;
