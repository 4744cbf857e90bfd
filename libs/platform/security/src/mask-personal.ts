import { maskText } from './mask-text';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Attribute names (lower case, without `-` and `_`) whose values are secrets. */
const SECRETS = words(
  'authorization proxyauthorization cookie setcookie password passwd passphrase secret clientsecret token ' +
    'accesstoken refreshtoken idtoken apikey xapikey privatekey assertion credential credentials csrftoken xcsrftoken',
);

/** Attribute names whose values are personal data. */
const PERSONAL = words(
  'email emailaddress mail phone phonenumber mobile mobilenumber mobilephone fax faxnumber givenname familyname ' +
    'middlename fullname firstname lastname formattedname legalname preferredgivenname birthdate placeofbirth ' +
    'countryofbirth deathdate nationality maritalstatus gender familynameprefix identificationid socialnetworkid ' +
    'street1 street2 streetname streetnr streetaddress iban accountnumber taxid ssn',
);

/** Below these an attribute `name` is the name of a person or party; elsewhere it is the name of a thing. */
const PARTIES = words(
  'relatedparty party partyorpartyrole individual contact contacts contactperson customer engagedparty approver user author',
);

const MAX_DEPTH = 8;
const MAX_ITEMS = 100;

const plain = (key: string): string => key.replace(/[-_]/g, '').toLowerCase();

const maskError = (error: Error): Record<string, unknown> => ({
  type: error.name,
  message: maskText(error.message),
  ...('code' in error ? { code: error.code } : {}),
  ...(error.stack === undefined ? {} : { stack: maskText(error.stack) }),
});

const maskValue = (value: unknown, inParty: boolean, depth: number): unknown => {
  if (typeof value === 'string') return maskText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth >= MAX_DEPTH) return '[deeper]';
  if (value instanceof Error) return maskError(value);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) {
    const items = value.slice(0, MAX_ITEMS).map((item) => maskValue(item, inParty, depth + 1));
    return value.length > MAX_ITEMS ? [...items, `[${value.length - MAX_ITEMS} more]`] : items;
  }
  return maskObject(value, inParty, depth);
};

const maskObject = (object: object, inParty: boolean, depth: number): Record<string, unknown> => {
  const masked: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(object)) {
    const name = plain(key);
    if (value === undefined || value === null) masked[key] = value;
    else if (SECRETS.has(name)) masked[key] = '[secret]';
    else if (PERSONAL.has(name) || (inParty && name === 'name')) masked[key] = '[personal]';
    else masked[key] = maskValue(value, inParty || PARTIES.has(name), depth + 1);
  }
  return masked;
};

/**
 * A copy of a log record's fields without secrets and personal data: by attribute name, and by pattern inside any
 * text (see {@link maskText}). Errors become {type, message, code, stack}. Deep and long values are cut, so that a
 * record stays small; the input is not changed.
 */
export const maskPersonal = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  maskObject(fields, false, 0);
