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

/** `&` where it separates, and what hides one in a JSONPath filter; each sign bare or percent-encoded. */
const MARKS = (() => {
  const escaped = String.raw`(?:\\|%5C)[\s\S]`;
  const until = (end: string): string => String.raw`(?:${escaped}|(?!${end})[\s\S])*(?:${end}|$)`;
  const quoted = ["(?:'|%27)", '(?:"|%22)'].map((quote) => quote + until(quote));
  const regex = String.raw`(?:=|%3D)(?:~|%7E)(?:\s|\+|%20)*(?:\/|%2F)${until(String.raw`(?:\/|%2F)`)}`;
  return new RegExp(`${quoted.join('|')}|${regex}|(?<open>\\[|%5B)|(?<close>\\]|%5D)|(?<end>&)`, 'gi');
})();

/** Length of a `filter=…` at the start of the text: a client may leave the `&&` of a JSONPath as it is. */
const filterLength = (text: string): number => {
  let open = 0;
  for (const { groups, index } of text.matchAll(MARKS)) {
    if (groups?.['open'] !== undefined) open += 1;
    else if (groups?.['close'] !== undefined) open -= 1;
    else if (groups?.['end'] !== undefined && open <= 0) return index;
  }
  return text.length;
};

const splitAtAmpersands = (query: string): string[] => {
  const pieces: string[] = [];
  for (let at = 0; at <= query.length;) {
    const next = query.indexOf('&', at);
    // Brackets and quotes mean something in a filter only; elsewhere they are ordinary characters.
    const isFilter = query.startsWith('filter=', at);
    const end = isFilter ? at + filterLength(query.slice(at)) : next < 0 ? query.length : next;
    pieces.push(query.slice(at, end));
    at = end + 1;
  }
  return pieces;
};

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
