import { refused } from '../errors';

/** A token of SOQL. */
export interface Token {
  readonly kind: 'word' | 'text' | 'number' | 'moment' | 'sign';
  readonly value: string;
}

const PATTERNS: readonly (readonly [Token['kind'], RegExp])[] = [
  ['text', /'((?:[^'\\]|\\.)*)'/y],
  ['moment', /\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))?/y],
  ['number', /[+-]?\d+(?:\.\d+)?/y],
  ['word', /[A-Za-z_][\w.]*(?::\d+)?/y],
  ['sign', /<=|>=|!=|<>|[=<>(),]/y],
];

/** The refusal for a query that cannot be read. */
export const malformed = (message: string): Error => refused(400, 'MALFORMED_QUERY', message);

const unescaped = (text: string): string =>
  text.replace(/\\(.)/g, (_whole, sign: string) => ({ n: '\n', r: '\r', t: '\t' })[sign] ?? sign);

/** Cuts a query into tokens; throws MALFORMED_QUERY for what is none. */
export const tokensOf = (query: string): Token[] => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < query.length) {
    if (/\s/.test(query[at] ?? '')) {
      at += 1;
      continue;
    }
    let found: Token | undefined;
    for (const [kind, pattern] of PATTERNS) {
      pattern.lastIndex = at;
      const match = pattern.exec(query);
      if (match === null) continue;
      at = pattern.lastIndex;
      found = { kind, value: kind === 'text' ? unescaped(match[1] ?? '') : match[0] };
      break;
    }
    if (found === undefined) throw malformed(`unexpected token: '${query[at] ?? ''}' at position ${at}`);
    tokens.push(found);
  }
  return tokens;
};
