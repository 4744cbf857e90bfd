/** One `name=value` of a query string, still encoded. */
export interface Parameter {
  readonly raw: string;
  /** Decoded name before the first `=`; the whole text when there is none. */
  readonly name: string;
  readonly rawValue: string;
}

/** Decodes `%XX` and `+`; undefined when the text is not valid UTF-8 in percent-encoding. */
export const decode = (raw: string): string | undefined => {
  try {
    return decodeURIComponent(raw.replace(/\+/g, ' '));
  } catch {
    return undefined;
  }
};

/** Cuts at each `&` outside of brackets: a client may leave the `&&` of a JSONPath filter as it is. */
const splitAtAmpersands = (query: string): string[] => {
  const pieces: string[] = [];
  let open = 0;
  for (const part of query.split('&')) {
    if (open > 0) pieces[pieces.length - 1] += `&${part}`;
    else pieces.push(part);
    // Brackets mean something in a filter only; elsewhere they are ordinary characters.
    const inFilter = open > 0 || /^filter=/.test(part);
    open = inFilter ? open + count(part, /\[|%5B/gi) - count(part, /\]|%5D/gi) : 0;
  }
  return pieces;
};

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** Cuts a query string into its parameters; a leading `?` is dropped. */
export const splitParameters = (query: string): Parameter[] =>
  splitAtAmpersands(query.replace(/^\?/, ''))
    .filter((raw) => raw !== '')
    .map((raw) => {
      const equals = raw.indexOf('=');
      const rawName = equals < 0 ? raw : raw.slice(0, equals);
      return { raw, name: decode(rawName) ?? rawName, rawValue: equals < 0 ? '' : raw.slice(equals + 1) };
    });

const QUOTED = /^(["'])([\s\S]*)\1$/;

/** Takes one pair of surrounding quotes away. */
export const unquote = (text: string): string => QUOTED.exec(text)?.[2] ?? text;

/** Cuts at a separator that stands outside of quotes; a quote counts only at the start of a value. */
export const splitOutsideQuotes = (text: string, separator: string): string[] => {
  const parts: string[] = [];
  let start = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote && [separator, ''].includes(text.charAt(at + 1))) quote = '';
    } else if ((char === '"' || char === "'") && at === start && text.includes(char, at + 1)) quote = char;
    else if (char === separator) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  parts.push(text.slice(start));
  // A quote that never closed was an ordinary character.
  return quote === '' ? parts : text.split(separator);
};

/** The texts of a comma list. `encoded` says that every comma came percent-encoded. */
export interface ValueList {
  readonly values: readonly string[];
  readonly encoded: boolean;
}

/**
 * Reads the values of a condition. A bare comma separates. A percent-encoded one separates too when there is no
 * bare one, because common clients encode every comma; the caller then also looks for the whole text.
 */
export const splitValues = (rawValue: string): ValueList | undefined => {
  const whole = decode(rawValue);
  if (whole === undefined) return undefined;
  const rawParts = splitOutsideQuotes(rawValue.replace(/%22/gi, '"').replace(/%27/g, "'"), ',');
  const encoded = rawParts.length === 1;
  const parts = encoded ? splitOutsideQuotes(whole, ',') : rawParts.map((part) => decode(part) ?? part);
  return { values: parts.map(unquote), encoded: encoded && parts.length > 1 };
};
