import { allOf, anyOf, matchAll, type FilterNode, type ResolvedField } from './filter';
import { didYouMean } from './near';
import { conditionNode, type Condition } from './operands';
import { isOperator, operatorNames, signOperator, type Operator } from './operators';
import { decode, splitValues, unquote } from './query-text';
import { countClause, fail, isPath, lookUp, unknownAttribute, type Scope } from './scope';

interface Target {
  readonly at: string;
  readonly field: ResolvedField;
  readonly operator: Operator;
}

/** Finds the attribute and the operator of `path`, `path.operator` or `path` before a sign. */
const targetOf = (scope: Scope, written: string, sign: string): Target | undefined => {
  const bySign = signOperator(sign) ?? 'eq';
  const whole = lookUp(scope, written);
  if (whole !== undefined) return { at: written, field: whole, operator: bySign };
  const dot = written.lastIndexOf('.');
  const [head, last] = [written.slice(0, Math.max(dot, 0)), written.slice(dot + 1)];
  const field = dot > 0 ? lookUp(scope, head) : undefined;
  if (field === undefined) return unknownAttribute(scope, isOperator(last) && isPath(head) ? head : written);
  if (isOperator(last)) {
    if (sign === '=' || sign === '==') return { at: head, field, operator: last };
    return fail(
      scope,
      written,
      'operator',
      `"${written}" names an operator twice: ".${last}" and "${sign}".`,
    );
  }
  if (field.kind === 'object' || field.kind === 'any') return unknownAttribute(scope, written);
  const hint = didYouMean(last, operatorNames) || ` Use one of ${operatorNames.join(', ')}.`;
  return fail(
    scope,
    written,
    'unknownOperator',
    `"${last}" is no operator nor an attribute of "${head}".${hint}`,
  );
};

/** Only text attributes can hold the comma that a client may have meant literally. */
const withWhole = (
  field: ResolvedField,
  values: readonly string[],
  whole: string,
  encoded: boolean,
): string[] =>
  encoded && (field.kind === 'string' || field.kind === 'any') ? [...values, unquote(whole)] : [...values];

const valuesOf = (target: Target, rawValue: string): string[] | undefined => {
  const whole = decode(rawValue);
  if (whole === undefined) return undefined;
  // A comma inside an expression belongs to it.
  if (target.operator === 'regex') return [unquote(whole)];
  const list = splitValues(rawValue);
  if (list === undefined) return undefined;
  return target.operator === 'eq'
    ? withWhole(target.field, list.values, whole, list.encoded)
    : [...list.values];
};

const isFullCondition = (raw: string): boolean => /[=<>]|%3[CDE]/i.test(raw);

/**
 * Name, sign and value of a raw condition. Signs may be percent-encoded; the value keeps its encoding. A bare `=~` is
 * the ordinary `=` before a value that begins with `~`.
 */
const RAW_CONDITION = new RegExp(
  [
    '^((?:[^=<>!*%]|%(?!3[CDE]|21|2A))*)',
    '(==|%3D(?:=|%3D)|%3D~|(?:\\*|%2A|!|%21)(?:=|%3D)|(?:<|%3C)(?:>|%3E)|(?:>|%3E|<|%3C)(?:=|%3D)?|=|%3D)',
    '([\\s\\S]*)$',
  ].join(''),
  'i',
);

const rawSides = (raw: string): { written: string; sign: string; rawValue: string } | undefined => {
  const [, name, sign, rest] = RAW_CONDITION.exec(raw) ?? [];
  const written = name === undefined ? undefined : decode(name)?.trim();
  if (written === undefined || sign === undefined || rest === undefined) return undefined;
  // A client library that takes `date>=` for the name of a parameter adds its own `=` behind it.
  const doubled = /%3[DE]$|%3C$/i.test(sign) && rest.startsWith('=');
  return { written, sign: decode(sign) ?? sign, rawValue: doubled ? rest.slice(1) : rest };
};

const readCondition = (scope: Scope, raw: string, more: readonly string[]): Condition | undefined => {
  const sides = rawSides(raw);
  if (sides === undefined)
    return fail(
      scope,
      raw.slice(0, 80),
      'syntax',
      `"${raw.slice(0, 80)}" is not a condition; write attribute=value.`,
    );
  const target = targetOf(scope, sides.written, sides.sign);
  if (target === undefined) return undefined;
  const values = [sides.rawValue, ...more].map((rawValue) => valuesOf(target, rawValue));
  if (values.some((list) => list === undefined))
    return fail(scope, target.at, 'syntax', `The value of "${target.at}" is not valid percent-encoding.`);
  countClause(scope, target.at);
  return { ...target, path: target.field.storagePath, values: values.flatMap((list) => list ?? []) };
};

/** Conditions of one attribute that mean "any of these" become one, in the place of the first. */
const mergeRepeated = (conditions: readonly Condition[]): Condition[] => {
  const merged = new Map<string, Condition>();
  conditions.forEach((condition, index) => {
    const mergeable = ['eq', 'ne', 'regex'].includes(condition.operator);
    const key = mergeable ? `${condition.operator} ${condition.at}` : String(index);
    const first = merged.get(key);
    merged.set(key, first ? { ...first, values: [...first.values, ...condition.values] } : condition);
  });
  return [...merged.values()];
};

interface RawCondition {
  readonly raw: string;
  /** Further values given as `attribute=v1;v2`. */
  readonly more: string[];
}

/** Groups separated by `;`. A part that is no full condition is one more value of the condition before it. */
const groupsOf = (pieces: readonly string[]): RawCondition[][] => {
  const groups: RawCondition[][] = [[]];
  for (const piece of pieces) {
    piece.split(';').forEach((raw, index) => {
      const group = groups[groups.length - 1] ?? [];
      const previous = group[group.length - 1];
      if (index > 0 && raw !== '' && !isFullCondition(raw) && previous !== undefined) previous.more.push(raw);
      else if (index > 0 && raw !== '' && group.length > 0) groups.push([{ raw, more: [] }]);
      else if (raw !== '') group.push({ raw, more: [] });
    });
  }
  return groups.filter((group) => group.length > 0);
};

/**
 * The filter of a query's conditions: `&` joins, `;` separates alternatives and binds weaker, a comma list and a
 * repeated attribute mean any of the values (for `ne`: none of them).
 */
export const conditionsFilter = (scope: Scope, pieces: readonly string[]): FilterNode => {
  const alternatives = groupsOf(pieces).map((group) => {
    const conditions = group.flatMap(({ raw, more }) => readCondition(scope, raw, more) ?? []);
    return allOf(mergeRepeated(conditions).flatMap((condition) => conditionNode(scope, condition) ?? []));
  });
  return alternatives.length === 0 ? matchAll : anyOf(alternatives);
};
