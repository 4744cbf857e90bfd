import { equalTexts, looksLikeDate, orderInstants, parseInstant } from './dates';
import type { FieldKind, FilterNode, Ordering, ResolvedField, Scalar } from './filter';
import { anyOf } from './filter';
import type { Operator } from './operators';
import { safeRegex } from './regex-safety';
import { fail, kindName, type Scope } from './scope';

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?$/i;

/** The number a text stands for; undefined when it is none or too large to hold. */
const numberOf = (text: string): number | undefined => {
  // A leading + arrives as a blank after URL decoding.
  const trimmed = text.trim();
  const value = NUMBER.test(trimmed) ? Number(trimmed) : Number.NaN;
  return Number.isFinite(value) ? value : undefined;
};

/** The stored values that equal a text; empty when the text does not fit the kind. */
const equalValues = (kind: FieldKind, text: string): readonly Scalar[] => {
  const number = kind === 'string' ? undefined : numberOf(text);
  const boolean = text === 'true' ? [true] : text === 'false' ? [false] : [];
  switch (kind) {
    case 'string':
      return [text];
    case 'number':
    case 'integer':
      return number === undefined ? [] : [number];
    case 'boolean':
      return boolean;
    case 'date-time':
      return equalTexts(text);
    case 'any':
      return [
        ...(looksLikeDate(text) ? equalTexts(text) : [text]),
        ...(number === undefined ? [] : [number]),
        ...boolean,
      ];
    case 'object':
      return [];
  }
};

/** One condition as it was written: where, what, and the value texts. */
export interface Condition {
  /** Query parameter to name in a fault. */
  readonly at: string;
  readonly field: ResolvedField;
  readonly operator: Operator;
  readonly values: readonly string[];
  /** Keeps the node's path relative to an array element. */
  readonly path: string;
}

const misfit = (scope: Scope, { at, field, operator }: Condition): undefined =>
  fail(
    scope,
    at,
    'operator',
    field.kind === 'object'
      ? `"${at}" is an object and cannot be compared; name one of its attributes.`
      : `The operator "${operator}" does not apply to "${at}", which is a ${kindName(field.kind)}.`,
  );

const wrongValue = (scope: Scope, { at, field }: Condition, text: string): undefined =>
  fail(scope, at, 'value', `"${text.slice(0, 80)}" is not a ${kindName(field.kind)}, as "${at}" needs.`);

const inNode = (scope: Scope, condition: Condition): FilterNode | undefined => {
  const values: Scalar[] = [];
  for (const text of condition.values) {
    const found = equalValues(condition.field.kind, text);
    if (found.length === 0) return wrongValue(scope, condition, text);
    values.push(...found);
  }
  return { type: 'in', path: condition.path, values: [...new Set(values)] };
};

const orderedValue = (kind: FieldKind, text: string): string | number | undefined => {
  if (kind === 'string') return text;
  const number = numberOf(text);
  return kind === 'any' ? (number ?? text) : number;
};

const compareNode = (scope: Scope, condition: Condition, ordering: Ordering): FilterNode | undefined => {
  const { field, path, values, at } = condition;
  const [text] = values;
  if (field.kind === 'boolean') return misfit(scope, condition);
  if (text === undefined || values.length > 1)
    return fail(scope, at, 'value', `The operator "${ordering}" takes exactly one value.`);
  if (field.kind === 'date-time' || (field.kind === 'any' && looksLikeDate(text))) {
    const instant = parseInstant(text);
    return instant === undefined
      ? wrongValue(scope, condition, text)
      : orderInstants(path, ordering, instant);
  }
  const value = orderedValue(field.kind, text);
  if (value === undefined) return wrongValue(scope, condition, text);
  return { type: 'compare', path, ordering, value };
};

/** A checked expression as a node; a fault when it is too long, too costly or not understood. */
export const regexNode = (scope: Scope, condition: Condition, ignoreCase = false): FilterNode | undefined => {
  const { field, path, values, at } = condition;
  if (!['string', 'date-time', 'any'].includes(field.kind)) return misfit(scope, condition);
  const nodes: FilterNode[] = [];
  for (const text of values) {
    if (text.length > scope.limits.maxRegexLength)
      return fail(
        scope,
        at,
        'limit',
        `A regular expression has at most ${scope.limits.maxRegexLength} characters.`,
      );
    const safe = safeRegex(text, ignoreCase);
    if (typeof safe === 'string')
      return fail(scope, at, 'value', `The regular expression of "${at}" is refused: ${safe}.`);
    nodes.push({ type: 'regex', path, pattern: safe.pattern, ignoreCase: safe.ignoreCase });
  }
  return anyOf(nodes);
};

/** Turns a condition into a node, its values read as the attribute's kind asks. */
export const conditionNode = (scope: Scope, condition: Condition): FilterNode | undefined => {
  const { operator, values, field, at } = condition;
  const { maxValues, maxValueLength } = scope.limits;
  if (values.length > maxValues)
    return fail(
      scope,
      at,
      'limit',
      `A condition has at most ${maxValues} values; "${at}" has ${values.length}.`,
    );
  if (values.some((value) => value.length > maxValueLength))
    return fail(scope, at, 'limit', `A value has at most ${maxValueLength} characters.`);
  if (field.kind === 'object') return misfit(scope, condition);
  if (operator === 'eq') return inNode(scope, condition);
  if (operator === 'regex') return regexNode(scope, condition);
  if (operator !== 'ne') return compareNode(scope, condition, operator);
  const node = inNode(scope, condition);
  return node && { type: 'not', node };
};
