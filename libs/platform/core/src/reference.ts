import { textAt, type JsonObject } from './json';

/** What stands between an id and a version in `42:(version=1.0)` (TMF620 user guide, versioning); no id holds it. */
export const VERSION_MARK = ':(version=';

/**
 * The id under which what a reference names is read: `42`, or `42:(version=1.0)` when it names a version as well
 * (TMF620 user guide, versioning). Undefined for a reference without an id.
 */
export const referencedId = (reference: JsonObject): string | undefined => {
  const id = textAt(reference, 'id');
  const version = textAt(reference, 'version');
  return id === undefined || version === undefined || id.includes(VERSION_MARK)
    ? id
    : `${id}${VERSION_MARK}${version})`;
};

/** Orders version numbers by their parts: 1.9 before 1.10, numbers before words. */
export const compareVersions = (a: string, b: string): number =>
  a.localeCompare(b, 'en', { numeric: true, sensitivity: 'base' });

/** The version of a resource that has versions; one that names none is the first. */
export const versionOf = (resource: Readonly<Record<string, unknown>>): string =>
  typeof resource['version'] === 'string' ? resource['version'] : '1.0';
