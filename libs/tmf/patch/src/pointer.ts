/** The segments of a JSON Pointer (RFC 6901); undefined when it is none. */
export const parsePointer = (pointer: string): string[] | undefined => {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  return pointer
    .slice(1)
    .split('/')
    .map((segment) => segment.replace(/~1/g, '/').replace(/~0/g, '~'));
};

/** The JSON Pointer of segments. */
export const formatPointer = (segments: readonly (string | number)[]): string =>
  segments.map((segment) => `/${String(segment).replace(/~/g, '~0').replace(/\//g, '~1')}`).join('');

/** The position a segment names in an array: no sign, no leading zeros. Undefined for any other text. */
export const arrayIndex = (segment: string): number | undefined =>
  /^(?:0|[1-9]\d{0,8})$/.test(segment) ? Number(segment) : undefined;
