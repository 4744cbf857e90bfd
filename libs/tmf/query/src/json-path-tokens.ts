/** A piece of a JSONPath filter; `unsupported` is valid JSONPath that this service does not evaluate. */
export type Token =
  | {
      readonly type: 'name' | 'string' | 'symbol' | 'regex' | 'unsupported';
      readonly text: string;
      readonly flags?: string;
    }
  | { readonly type: 'number'; readonly text: string };

const SYMBOLS = [
  '==',
  '!=',
  '<=',
  '>=',
  '=~',
  '&&',
  '||',
  '[?',
  '<',
  '>',
  '!',
  '(',
  ')',
  '[',
  ']',
  '.',
  '@',
  '$',
];
const PATTERNS = {
  blank: /\s+/y,
  number: /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y,
  name: /[A-Za-z_][\w]*/y,
  single: /'((?:[^'\\]|\\[\s\S])*)'/y,
  double: /"((?:[^"\\]|\\[\s\S])*)"/y,
  regex: /\/((?:[^/\\]|\\[\s\S])+)\/([a-z]*)/y,
  unsupported: /\.\.|\*|:|,|\+|-|%/y,
};

const match = (pattern: RegExp, text: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(text);
};

const unescape = (text: string): string => text.replace(/\\([\s\S])/g, '$1');

/** Reads one token at a position; undefined for a character that JSONPath does not know. */
const tokenAt = (text: string, at: number, previous: Token | undefined): [Token, number] | undefined => {
  const quoted = match(PATTERNS.single, text, at) ?? match(PATTERNS.double, text, at);
  if (quoted) return [{ type: 'string', text: unescape(quoted[1] ?? '') }, quoted[0].length];
  if (previous?.type === 'symbol' && previous.text === '=~') {
    const regex = match(PATTERNS.regex, text, at);
    if (regex)
      return [
        { type: 'regex', text: (regex[1] ?? '').replace(/\\\//g, '/'), flags: regex[2] ?? '' },
        regex[0].length,
      ];
  }
  const number = match(PATTERNS.number, text, at);
  if (number) return [{ type: 'number', text: number[0] }, number[0].length];
  const name = match(PATTERNS.name, text, at);
  if (name) return [{ type: 'name', text: name[0] }, name[0].length];
  const unsupported = match(PATTERNS.unsupported, text, at);
  if (unsupported) return [{ type: 'unsupported', text: unsupported[0] }, unsupported[0].length];
  const symbol = SYMBOLS.find((candidate) => text.startsWith(candidate, at));
  return symbol === undefined ? undefined : [{ type: 'symbol', text: symbol }, symbol.length];
};

/** Cuts a JSONPath into tokens, or returns the position of the first character that fits nowhere. */
export const tokensOf = (text: string): readonly Token[] | number => {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const blank = match(PATTERNS.blank, text, at);
    if (blank) {
      at += blank[0].length;
      continue;
    }
    const found = tokenAt(text, at, tokens[tokens.length - 1]);
    if (found === undefined) return at;
    tokens.push(found[0]);
    at += found[1];
  }
  return tokens;
};
