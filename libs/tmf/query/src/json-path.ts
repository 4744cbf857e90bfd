import { allOf, anyOf, type FilterNode, type ResolvedField } from './filter';
import { tokensOf, type Token } from './json-path-tokens';
import { conditionNode, regexNode, type Condition } from './operands';
import { mirrored, signOperator, type Operator } from './operators';
import { countClause, fail, lookUp, unknownAttribute, type QueryFaultCode, type Scope } from './scope';

/** Stops the parse at the first fault. */
class Stop extends Error {
  constructor(
    readonly code: QueryFaultCode,
    message: string,
  ) {
    super(message);
  }
}

const unsupported = (what: string): Stop =>
  new Stop(
    'unsupported',
    `The filter uses ${what}, which is not supported; compare attributes with literals.`,
  );

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=', '=~']);

/** Where paths inside a filter begin: the API path and the stored path of the array element. */
interface Base {
  readonly path: string;
  readonly storagePath: string;
}

interface Operand {
  readonly names: readonly string[];
  /** Present when the path goes through a filter: `@.note[?(…)]`. */
  readonly node?: FilterNode;
}

class JsonPathParser {
  private at = 0;
  private depth = 0;

  constructor(
    private readonly scope: Scope,
    private readonly tokens: readonly Token[],
  ) {}

  /** `path[?(…)]`, with or without `$` in front. */
  whole(): FilterNode {
    if (this.peek() === undefined) throw new Stop('syntax', 'The filter is empty.');
    if (this.take('$') && this.peek()?.text !== '[?' && this.peek()?.text !== '[') this.expect('.');
    const node = this.nodeOf(this.path({ path: '', storagePath: '' }, true), { path: '', storagePath: '' });
    if (this.peek() !== undefined) throw this.unexpected();
    return node;
  }

  private peek(): Token | undefined {
    return this.tokens[this.at];
  }

  private take(symbol: string): boolean {
    const token = this.peek();
    if (token?.type !== 'symbol' || token.text !== symbol) return false;
    this.at += 1;
    return true;
  }

  private expect(symbol: string): void {
    if (!this.take(symbol)) throw this.unexpected();
  }

  private unexpected(): Stop {
    const token = this.peek();
    if (token === undefined) return new Stop('syntax', 'The filter ends too early.');
    if (token.type === 'unsupported') return unsupported(`"${token.text}"`);
    return new Stop('syntax', `The filter cannot be read at "${token.text.slice(0, 40)}".`);
  }

  /** Attribute names, and a filter if one follows. `start` says that a name may stand without a dot. */
  private path(base: Base, start: boolean): Operand {
    const names: string[] = [];
    for (;;) {
      if (this.take('[?')) return { names, node: this.filtered(base, names) };
      if (this.peek()?.text === '[' && this.peek()?.type === 'symbol') names.push(this.bracketName());
      else if ((start && names.length === 0 && this.nameFollows()) || this.take('.')) names.push(this.name());
      else return { names };
    }
  }

  private nameFollows(): boolean {
    const token = this.peek();
    return token?.type === 'name' || (token?.type === 'symbol' && token.text === '@');
  }

  private name(): string {
    const type = this.take('@') ? '@' : '';
    const token = this.peek();
    if (token?.type !== 'name') throw this.unexpected();
    this.at += 1;
    if (this.peek()?.text === '(' && this.peek()?.type === 'symbol')
      throw unsupported(`the function "${token.text}"`);
    return `${type}${token.text}`;
  }

  private bracketName(): string {
    this.expect('[');
    const token = this.peek();
    if (token?.type === 'number') throw unsupported('an array index');
    if (token?.type !== 'string') throw this.unexpected();
    this.at += 1;
    this.expect(']');
    return token.text;
  }

  /** The part behind `[?`: a condition on one element, and what may follow the closing bracket. */
  private filtered(base: Base, names: readonly string[]): FilterNode {
    this.deeper();
    const inner = names.length === 0 ? base : this.field(base, names).base;
    const condition = this.either(inner);
    this.expect(']');
    const rest = this.path(inner, false);
    this.depth -= 1;
    const node =
      rest.names.length === 0 && rest.node === undefined
        ? condition
        : allOf([condition, this.nodeOf(rest, inner)]);
    return names.length === 0 ? node : { type: 'element', path: this.field(base, names).relative, node };
  }

  private deeper(): void {
    this.depth += 1;
    if (this.depth > this.scope.limits.maxDepth)
      throw new Stop('limit', `A filter is nested at most ${this.scope.limits.maxDepth} levels deep.`);
  }

  private either(base: Base): FilterNode {
    const nodes = [this.both(base)];
    while (this.take('||')) nodes.push(this.both(base));
    return anyOf(nodes);
  }

  private both(base: Base): FilterNode {
    const nodes = [this.single(base)];
    while (this.take('&&')) nodes.push(this.single(base));
    return allOf(nodes);
  }

  private single(base: Base): FilterNode {
    if (this.peek()?.text === '!' || this.peek()?.text === '(') this.deeper();
    if (this.take('!')) {
      const node = this.single(base);
      this.depth -= 1;
      return { type: 'not', node };
    }
    if (this.take('(')) {
      const node = this.either(base);
      this.expect(')');
      this.depth -= 1;
      return node;
    }
    return this.test(base);
  }

  private test(base: Base): FilterNode {
    const literal = this.literal();
    if (literal !== undefined) {
      const operator = this.comparison();
      if (operator === undefined || operator === 'regex') throw this.unexpected();
      this.expect('@');
      return this.compare(base, this.path(base, false), mirrored(operator), literal);
    }
    if (this.take('$')) throw unsupported('a path from the root inside a filter');
    if (!this.take('@')) throw this.nameFollows() ? this.word() : this.unexpected();
    const operand = this.path(base, false);
    const operator = this.comparison();
    if (operator === undefined) return this.nodeOf(operand, base);
    const value = this.literal();
    if (value === undefined)
      throw this.peek()?.text === '@' ? unsupported('two attributes in one comparison') : this.unexpected();
    return this.compare(base, operand, operator, value);
  }

  /** A word where a path is due: a function, an operator of another dialect, or a mistake. */
  private word(): Stop {
    const token = this.peek();
    const next = this.tokens[this.at + 1];
    if (next?.type === 'symbol' && next.text === '(')
      return unsupported(`the function "${token?.text ?? ''}"`);
    return token?.text === 'null' ? unsupported('null') : this.unexpected();
  }

  private comparison(): Operator | undefined {
    const token = this.peek();
    if (token?.type === 'name' && ['in', 'nin', 'size', 'empty', 'subsetof', 'contains'].includes(token.text))
      throw unsupported(`the operator "${token.text}"`);
    if (token?.type !== 'symbol' || !COMPARISONS.has(token.text)) return undefined;
    this.at += 1;
    return signOperator(token.text);
  }

  private literal(): Token | undefined {
    const token = this.peek();
    const isLiteral =
      token?.type === 'string' ||
      token?.type === 'number' ||
      token?.type === 'regex' ||
      (token?.type === 'name' && (token.text === 'true' || token.text === 'false'));
    if (token?.type === 'name' && token.text === 'null') throw unsupported('null');
    if (!isLiteral) return undefined;
    this.at += 1;
    return token;
  }

  private compare(base: Base, operand: Operand, operator: Operator, literal: Token): FilterNode {
    if (operand.node !== undefined) throw unsupported('a comparison with the outcome of a filter');
    if (operand.names.length === 0) throw unsupported('a comparison with the element itself');
    const { field, relative, path } = this.field(base, operand.names);
    const condition: Condition = { at: 'filter', field, operator, values: [literal.text], path: relative };
    countClause(this.scope, 'filter');
    const flags = literal.type === 'number' ? '' : (literal.flags ?? '');
    if (flags !== '' && flags !== 'i') throw unsupported(`the expression flags "${flags}"`);
    if (operator !== 'regex' && literal.type === 'regex')
      throw new Stop('syntax', 'An expression follows "=~" only.');
    const node =
      operator === 'regex'
        ? regexNode(this.scope, condition, flags === 'i')
        : conditionNode(this.scope, condition);
    if (node === undefined) throw new Stop('value', `The comparison of "${path}" is not valid.`);
    return node;
  }

  private nodeOf(operand: Operand, base: Base): FilterNode {
    if (operand.node !== undefined) return operand.node;
    if (operand.names.length === 0) throw unsupported('a test of the element itself');
    countClause(this.scope, 'filter');
    return { type: 'exists', path: this.field(base, operand.names).relative };
  }

  private field(
    base: Base,
    names: readonly string[],
  ): { field: ResolvedField; relative: string; path: string; base: Base } {
    const path = [...(base.path === '' ? [] : [base.path]), ...names].join('.');
    const field = lookUp(this.scope, path);
    if (field === undefined) {
      unknownAttribute(this.scope, path);
      throw new Stop('unknownAttribute', '');
    }
    const prefix = base.storagePath === '' ? '' : `${base.storagePath}.`;
    // A version of the API may keep an attribute elsewhere than inside its element.
    if (!field.storagePath.startsWith(prefix)) throw unsupported(`"${path}" inside its array`);
    const relative = field.storagePath.slice(prefix.length);
    return { field, relative, path, base: { path, storagePath: field.storagePath } };
  }
}

/**
 * Reads a `filter=` JSONPath (TMF630 part 6): `note[?(@.author=='X' && @.date>'2020-01-01')]`, `$[?(@.state=='held')]`.
 * Comparisons, `=~`, `&&`, `||`, `!`, parentheses, existence, and filters in filters; all conditions of one filter
 * hold for the same array element. Undefined after noting a fault: `unsupported` for JSONPath beyond that.
 */
export const parseJsonPath = (scope: Scope, text: string): FilterNode | undefined => {
  const tokens = tokensOf(text);
  if (typeof tokens === 'number')
    return fail(scope, 'filter', 'syntax', `The filter cannot be read at position ${tokens + 1}.`);
  const faults = scope.faults.length;
  try {
    return new JsonPathParser(scope, tokens).whole();
  } catch (thrown) {
    if (!(thrown instanceof Stop)) throw thrown;
    return scope.faults.length > faults ? undefined : fail(scope, 'filter', thrown.code, thrown.message);
  }
};
