import { isJsonObject, stableId, type Fault, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { externalIdentifier } from '../external-identifier';
import { convert } from './convert';
import { parsePath, pointerOf, putAt, valueAt, withoutHoles, type Step } from './path';
import type { FieldRule, RecordMapping } from './record-mapping';
import { sharingFaults, sharingOf } from './sharing';

/** Maps records of a configured source. All functions are pure. */
export interface RecordMapper {
  /** The attributes that the mapping names, without what is inside of them. */
  readonly attributes: readonly string[];
  /** What a stream says of resources that other sources bring as well. */
  readonly sharing: ReturnType<typeof sharingOf>;
  identity(record: JsonObject): string | undefined;
  /** True when the record says that it has ended. */
  ends(record: JsonObject): boolean;
  /** The record's own time of change, ISO 8601; undefined when it has none that can be read. */
  changedAt(record: JsonObject): string | undefined;
  map(record: JsonObject): readonly IngestRecord[] | { readonly faults: readonly Fault[] };
  /** The source field behind a JSON Pointer into the resource, for telling somebody what to correct. */
  fieldBehind(pointer: string): string | undefined;
}

interface Compiled {
  readonly attribute: string;
  readonly steps: readonly Step[];
  readonly rule: FieldRule;
}

const ruleOf = (rule: string | FieldRule): FieldRule => (typeof rule === 'string' ? { from: rule } : rule);

const isAbsent = (value: Json | undefined): value is undefined | null | '' =>
  value === undefined || value === null || (typeof value === 'string' && value.trim() === '');

/** What is wrong with a mapping beyond its schema; `path` points into the mapping. */
export const mappingFaults = (mapping: RecordMapping): readonly Fault[] => [
  ...Object.entries(mapping.fields).flatMap(([attribute, given]): Fault[] => {
    const path = `/fields/${attribute.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const steps = parsePath(attribute);
    const rule = ruleOf(given);
    return [
      ...(steps.ok ? [] : [{ path, message: `: ${steps.error}`, code: 'path' }]),
      ...(steps.ok && typeof steps.value[0] === 'number'
        ? [{ path, message: 'must begin with the name of an attribute', code: 'path' }]
        : []),
      ...((rule.from === undefined) === (rule.constant === undefined)
        ? [{ path, message: 'needs either "from" or "constant", and not both', code: 'rule' }]
        : []),
    ];
  }),
  ...sharingFaults(mapping),
];

const fieldFault = (rule: FieldRule, message: string, code: string): Fault => ({
  path: pointerOf(rule.from ?? ''),
  message,
  code,
});

type Read = { readonly value?: Json; readonly fault?: Fault };

const translate = (rule: FieldRule, value: Json): Read => {
  if (rule.values === undefined) return { value };
  const word = String(value).trim();
  if (Object.hasOwn(rule.values, word)) return { value: rule.values[word] ?? null };
  const known = Object.keys(rule.values).join(', ');
  return { fault: fieldFault(rule, `must be one of ${known}, not ${JSON.stringify(word)}`, 'enum') };
};

const readField = (source: string, rule: FieldRule, record: JsonObject): Read => {
  if (rule.when !== undefined && isAbsent(valueAt(record, rule.when))) return {};
  const found = rule.constant ?? (rule.from === undefined ? undefined : valueAt(record, rule.from));
  if (isAbsent(found)) {
    if (rule.default !== undefined) return { value: rule.default };
    return rule.required === true ? { fault: fieldFault(rule, 'is missing', 'required') } : {};
  }
  if (rule.constant !== undefined) return { value: rule.constant };
  const translated = translate(rule, found);
  if (translated.value === undefined) return translated;
  const type = rule.type ?? (rule.values === undefined && rule.reference === undefined ? 'text' : 'any');
  const converted = convert(translated.value, type, rule);
  if (!converted.ok) return { fault: fieldFault(rule, converted.error, 'type') };
  if (rule.reference === undefined) return { value: converted.value };
  return { value: stableId(rule.referenceSource ?? source, rule.reference, String(converted.value).trim()) };
};

/** A mapper for the instance `source`. The mapping must have no {@link mappingFaults}. */
export const recordMapper = (source: string, mapping: RecordMapping): RecordMapper => {
  const ids = typeof mapping.id === 'string' ? [mapping.id] : mapping.id;
  const { deleted, resource: kind } = mapping;
  const compiled: readonly Compiled[] = Object.entries(mapping.fields).map(([attribute, given]) => {
    const steps = parsePath(attribute);
    if (!steps.ok) throw new Error(steps.error);
    return { attribute, steps: steps.value, rule: ruleOf(given) };
  });
  const behind = new Map(compiled.map(({ attribute, rule }) => [pointerOf(attribute), rule.from]));

  const identity = (record: JsonObject): string | undefined => {
    const parts = ids.map((path) => valueAt(record, path));
    if (parts.some((part) => isAbsent(part) || typeof part === 'object')) return undefined;
    return parts.map((part) => String(part).trim()).join('/');
  };
  const ends = (record: JsonObject): boolean => {
    if (deleted === undefined) return false;
    const value = valueAt(record, deleted.from);
    return deleted.values.some((end) => end === value || String(end) === String(value ?? ''));
  };
  const changedAt = (record: JsonObject): string | undefined => {
    if (mapping.changed === undefined) return undefined;
    const { value } = readField(source, { type: 'dateTime', ...mapping.changed }, record);
    return typeof value === 'string' ? value : undefined;
  };
  const fill = (record: JsonObject): { resource: JsonObject; faults: readonly Fault[] } => {
    const resource: JsonObject = {};
    const faults: Fault[] = [];
    for (const { steps, rule } of compiled) {
      const { value, fault } = readField(source, rule, record);
      // Two attributes may come from one field: what is wrong with it is said once.
      if (fault !== undefined) {
        if (!faults.some(({ path, message }) => path === fault.path && message === fault.message))
          faults.push(fault);
      } else if (value !== undefined) putAt(resource, steps, structuredClone(value));
    }
    const filled = withoutHoles(resource);
    return { resource: isJsonObject(filled) ? filled : {}, faults };
  };

  return {
    attributes: [...new Set(compiled.map(({ steps }) => String(steps[0])))],
    sharing: sharingOf(mapping),
    identity,
    ends,
    changedAt,
    fieldBehind: (pointer) => {
      for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
        const field = behind.get(at);
        if (field !== undefined) return field;
      }
      return undefined;
    },
    map: (record) => {
      const externalId = identity(record);
      if (externalId === undefined) {
        return { faults: [{ path: pointerOf(ids[0] ?? ''), message: 'is missing', code: 'required' }] };
      }
      const changed = changedAt(record);
      const head = {
        externalId,
        id: stableId(source, kind, externalId),
        ...(changed === undefined ? {} : { modifiedAt: changed }),
      };
      const over = ends(record);
      if (over && deleted?.as === 'delete') return [{ ...head, op: 'delete', resource: {} }];
      const { resource, faults } = fill(record);
      if (faults.length > 0) return { faults };
      const given = resource['externalIdentifier'];
      return [
        {
          ...head,
          op: 'upsert',
          resource: {
            ...resource,
            ...(over ? { lifecycleStatus: 'Retired' } : {}),
            ...(changed === undefined ? {} : { lastUpdate: changed }),
            externalIdentifier: [
              externalIdentifier(source, mapping.idType, externalId),
              ...(Array.isArray(given) ? given : []),
            ],
          },
        },
      ];
    },
  };
};
