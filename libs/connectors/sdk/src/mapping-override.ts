import {
  err,
  isJsonObject,
  messageOf,
  ok,
  type Fault,
  type Json,
  type JsonObject,
  type Result,
} from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import jsonata from 'jsonata';
import type { MapRecord } from './mapped-page';
import { isRejection, type Stream } from './stream';

// The library looks up symbols as names, too, but does not declare it.
declare module 'jsonata' {
  interface Expression {
    assign(
      name: symbol,
      value: (expression: object, input: unknown, environment: Pick<Environment, 'timestamp'>) => void,
    ): void;
  }
}

/** Bounds of one expression on one record: depth of calls, length of a list. */
const LIMITS = { stack: 200, sequence: 10_000 } as const;
/** Some tenths of a second. Not a time: a machine that stands still would reject good records. */
const MOST_STEPS = 50_000;
/** What the library calls before each step. */
const BEFORE_STEP = Symbol.for('jsonata.__evaluate_entry');
const LONGEST = 10_000;
/** Would give another result each time, or run what nobody has checked. */
const IMPURE: readonly string[] = ['now', 'millis', 'random', 'shuffle', 'eval'];
/** A repetition inside a repetition can take for ever, and no time limit ends a regular expression. */
const NESTED_REPETITION = /\([^)]*[+*{][^)]*\)\s*[+*{]/;
const ATTRIBUTE = /^(?!__proto__$|constructor$|prototype$|id$|href$)[A-Za-z@][A-Za-z0-9@]*$/;

class CarefulRegExp extends RegExp {
  constructor(pattern: string | RegExp, flags?: string) {
    const source = typeof pattern === 'string' ? pattern : pattern.source;
    if (NESTED_REPETITION.test(source)) throw new Error('a regular expression repeats a repetition');
    super(pattern, flags);
  }
}

interface Override {
  readonly attribute: string;
  readonly expression: jsonata.Expression;
}

/** A mapping that cannot be used; each line names an attribute and what is wrong with its expression. */
export class WrongMapping extends Error {
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
    this.name = 'WrongMapping';
  }
}

const reasonOf = (thrown: unknown): string =>
  isJsonObject(thrown) && typeof thrown['message'] === 'string' ? thrown['message'] : messageOf(thrown);

// Evaluations of one expression run beside one another; each has a timestamp of its own.
const boundSteps = (expression: jsonata.Expression): void => {
  const taken = new WeakMap<Date, number>();
  expression.assign(BEFORE_STEP, (_expression, _input, { timestamp }) => {
    const steps = (taken.get(timestamp) ?? 0) + 1;
    if (steps > MOST_STEPS) throw new Error(`takes more than ${MOST_STEPS} steps: does it end at all?`);
    taken.set(timestamp, steps);
  });
};

const compile = (attribute: string, text: string): Override => {
  if (!ATTRIBUTE.test(attribute)) throw new Error('is no attribute that a mapping may set');
  if (text.length > LONGEST) throw new Error(`is longer than ${LONGEST} characters`);
  const expression = jsonata(text, { ...LIMITS, RegexEngine: CarefulRegExp as unknown as RegExpConstructor });
  boundSteps(expression);
  for (const name of IMPURE) {
    expression.registerFunction(name, () => {
      throw new Error(`$${name} is not for mappings: the same record must always become the same`);
    });
  }
  return { attribute, expression };
};

// The library marks its lists and may return functions; what is published is plain JSON.
const plain = (value: unknown): Json | undefined => {
  if (value === undefined) return undefined;
  const isFunction =
    typeof value === 'function' ||
    (isJsonObject(value) && ('_jsonata_function' in value || '_jsonata_lambda' in value));
  if (isFunction) throw new Error('gives a function, not a value');
  return JSON.parse(JSON.stringify(value)) as Json;
};

/**
 * Expressions of an instance that set attributes of the resources of a stream. An expression sees the vendor's record;
 * `$mapped` is the resource as the connector mapped it. Its value replaces the attribute; `null` removes it, nothing
 * leaves it as it is. Throws {@link WrongMapping} when one cannot be read.
 */
export class MappingOverride {
  private readonly overrides: readonly Override[];

  constructor(mapping: Readonly<Record<string, string>>) {
    const wrong: string[] = [];
    this.overrides = Object.entries(mapping).flatMap(([attribute, text]) => {
      try {
        return [compile(attribute, text)];
      } catch (thrown) {
        wrong.push(`${attribute}: ${reasonOf(thrown)}`);
        return [];
      }
    });
    if (wrong.length > 0) throw new WrongMapping(wrong);
  }

  /** The mapping of the stream with these expressions laid over it. */
  over(stream: Stream): MapRecord {
    return async (raw) => {
      const mapped = stream.map(raw);
      if (isRejection(mapped)) return mapped;
      const records: IngestRecord[] = [];
      for (const record of mapped) {
        if (record.op === 'delete') records.push(record);
        else {
          const resource = await this.apply(raw, record.resource);
          if (!resource.ok) return { faults: [resource.error] };
          records.push({ ...record, resource: resource.value });
        }
      }
      return records;
    };
  }

  /** Tries the mapping on the stream's samples; throws {@link WrongMapping} when an expression fails on one. */
  async check(stream: Stream): Promise<void> {
    const map = this.over(stream);
    const wrong = new Set<string>();
    for (const sample of stream.samples ?? []) {
      const result = await map(sample);
      if (!isRejection(result)) continue;
      for (const { path, message, code } of result.faults) {
        if (code === 'override') wrong.add(`${path.slice(1)}: ${message}`);
      }
    }
    if (wrong.size > 0) throw new WrongMapping([...wrong]);
  }

  private async apply(raw: JsonObject, mapped: JsonObject): Promise<Result<JsonObject, Fault>> {
    const resource: JsonObject = { ...mapped };
    for (const { attribute, expression } of this.overrides) {
      try {
        const value = plain(await expression.evaluate(raw, { mapped }));
        if (value === null) delete resource[attribute];
        else if (value !== undefined) resource[attribute] = value;
      } catch (thrown) {
        return err({ path: `/${attribute}`, message: reasonOf(thrown), code: 'override' });
      }
    }
    return ok(resource);
  }
}
