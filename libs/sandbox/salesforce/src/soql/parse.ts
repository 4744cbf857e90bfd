import { malformed, tokensOf, type Token } from './tokens';

/** A literal of a condition, with the kind it was written in. */
export interface Literal {
  readonly kind: 'text' | 'number' | 'moment' | 'boolean' | 'null' | 'range';
  readonly value: string;
}

export type Operator = '=' | '!=' | '<' | '<=' | '>' | '>=' | 'LIKE' | 'IN' | 'NOT IN';

/** A WHERE clause. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | {
      readonly kind: 'compare';
      readonly path: string;
      readonly operator: Operator;
      readonly literals: readonly Literal[];
    };

/** A SELECT statement. */
export interface Query {
  readonly fields: readonly string[];
  readonly subqueries: readonly Query[];
  /** True for `SELECT COUNT()`. */
  readonly counting: boolean;
  readonly from: string;
  readonly where?: Condition;
  readonly orderBy: readonly {
    readonly path: string;
    readonly descending: boolean;
    readonly nullsLast: boolean;
  }[];
  readonly limit?: number;
  readonly offset: number;
}

const OPERATORS: Record<string, Operator> = {
  '=': '=',
  '!=': '!=',
  '<>': '!=',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};
const RANGES = /^(TODAY|YESTERDAY|LAST_N_DAYS:\d+|NEXT_N_DAYS:\d+)$/i;

class Parser {
  private at = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  statement(): Query {
    const query = this.select();
    if (this.at < this.tokens.length) throw malformed(`unexpected token: '${this.peek()?.value ?? ''}'`);
    return query;
  }

  private select(): Query {
    this.expect('SELECT');
    const fields: string[] = [];
    const subqueries: Query[] = [];
    let counting = false;
    do {
      if (this.accept('(')) {
        subqueries.push(this.select());
        this.expect(')');
      } else {
        const name = this.word();
        if (this.accept('(')) {
          if (name.toUpperCase() !== 'COUNT') throw malformed(`the function ${name}() is not supported here`);
          this.expect(')');
          counting = true;
        } else fields.push(name);
      }
    } while (this.accept(','));
    if (counting && fields.length + subqueries.length > 0)
      throw malformed('COUNT() stands alone in the field list');
    this.expect('FROM');
    const from = this.word();
    const where = this.accept('WHERE') ? this.condition() : undefined;
    const orderBy = this.accept('ORDER') ? this.order() : [];
    const limit = this.accept('LIMIT') ? this.whole() : undefined;
    const offset = this.accept('OFFSET') ? this.whole() : 0;
    return {
      fields,
      subqueries,
      counting,
      from,
      orderBy,
      offset,
      ...(where === undefined ? {} : { where }),
      ...(limit === undefined ? {} : { limit }),
    };
  }

  /** AND and OR may only be mixed with parentheses, as in the real language. */
  private condition(): Condition {
    const first = this.term();
    for (const kind of ['and', 'or'] as const) {
      if (!this.ahead(kind)) continue;
      const parts = [first];
      while (this.accept(kind)) parts.push(this.term());
      if (this.ahead('and') || this.ahead('or')) throw malformed('AND and OR are mixed: use parentheses');
      return { kind, parts };
    }
    return first;
  }

  private term(): Condition {
    if (this.accept('NOT')) return { kind: 'not', part: this.term() };
    if (this.accept('(')) {
      const inner = this.condition();
      this.expect(')');
      return inner;
    }
    const path = this.word();
    if (this.accept('LIKE')) return { kind: 'compare', path, operator: 'LIKE', literals: [this.literal()] };
    if (this.accept('IN')) return { kind: 'compare', path, operator: 'IN', literals: this.list() };
    if (this.accept('NOT')) {
      this.expect('IN');
      return { kind: 'compare', path, operator: 'NOT IN', literals: this.list() };
    }
    const sign = this.next();
    const operator = OPERATORS[sign.value];
    if (operator === undefined) throw malformed(`unexpected token: '${sign.value}', expected an operator`);
    return { kind: 'compare', path, operator, literals: [this.literal()] };
  }

  private list(): Literal[] {
    this.expect('(');
    const literals: Literal[] = [];
    do literals.push(this.literal());
    while (this.accept(','));
    this.expect(')');
    return literals;
  }

  private literal(): Literal {
    const { kind, value } = this.next();
    if (kind === 'text' || kind === 'number' || kind === 'moment') return { kind, value };
    const word = value.toLowerCase();
    if (word === 'true' || word === 'false') return { kind: 'boolean', value: word };
    if (word === 'null') return { kind: 'null', value: word };
    if (RANGES.test(value)) return { kind: 'range', value: value.toUpperCase() };
    throw malformed(`unexpected token: '${value}', expected a value`);
  }

  private order(): Query['orderBy'] {
    this.expect('BY');
    const steps: { path: string; descending: boolean; nullsLast: boolean }[] = [];
    do {
      const path = this.word();
      const descending = this.accept('DESC');
      if (!descending) this.accept('ASC');
      const nullsLast = this.accept('NULLS') ? this.word().toUpperCase() === 'LAST' : false;
      steps.push({ path, descending, nullsLast });
    } while (this.accept(','));
    return steps;
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private next(): Token {
    const token = this.tokens[this.at];
    if (token === undefined) throw malformed('unexpected end of the query');
    this.at += 1;
    return token;
  }

  private word(): string {
    const token = this.next();
    if (token.kind !== 'word') throw malformed(`unexpected token: '${token.value}', expected a name`);
    return token.value;
  }

  private whole(): number {
    const token = this.next();
    if (!/^\d+$/.test(token.value)) throw malformed(`unexpected token: '${token.value}', expected a number`);
    return Number(token.value);
  }

  private ahead(word: string): boolean {
    const token = this.peek();
    return token !== undefined && token.kind !== 'text' && token.value.toUpperCase() === word.toUpperCase();
  }

  private accept(word: string): boolean {
    if (!this.ahead(word)) return false;
    this.at += 1;
    return true;
  }

  private expect(word: string): void {
    if (!this.accept(word))
      throw malformed(`unexpected token: '${this.peek()?.value ?? 'end'}', expected ${word}`);
  }
}

/** Reads a SOQL statement; throws MALFORMED_QUERY. */
export const parseSoql = (query: string): Query => new Parser(tokensOf(query)).statement();
