const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECK = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

const base62 = (value: number, length: number): string => {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 62))
    text = (BASE62[rest % 62] ?? '0') + text;
  return text;
};

/** The three characters that make a case-sensitive 15-character id safe where case is lost. */
const checkOf = (id15: string): string =>
  [0, 5, 10]
    .map((start) => {
      const bits = [0, 1, 2, 3, 4].filter((offset) => /[A-Z]/.test(id15[start + offset] ?? ''));
      return CHECK[bits.reduce((sum, offset) => sum + 2 ** offset, 0)] ?? 'A';
    })
    .join('');

/** The 18-character id number `serial` of an object. */
export const recordId = (prefix: string, serial: number): string => {
  const id15 = `${prefix}QB0${base62(serial, 9)}`;
  return id15 + checkOf(id15);
};

const serialOf = (id: string): number =>
  [...id.slice(6, 15)].reduce((serial, sign) => serial * 62 + BASE62.indexOf(sign), 0);

/**
 * The id of a record's copy in a block: digits only behind the prefix, so that ids of copies are in the order of their blocks,
 * with regard to case or without.
 */
export const copiedId = (id: string, block: number): string => {
  const id15 = `${id.slice(0, 3)}QB1${String(block).padStart(4, '0')}${String(serialOf(id)).padStart(5, '0')}`;
  return id15 + checkOf(id15);
};

/** An id of 15 or 18 characters as 18, or undefined when it is none. */
export const fullId = (id: string): string | undefined => {
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(id)) return undefined;
  return id.slice(0, 15) + checkOf(id.slice(0, 15));
};
