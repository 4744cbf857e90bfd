import type { JsonObject } from '@quotebridge/platform/core';
import { FIELD_TYPES } from './convert';
import { sharingProperties } from './sharing';

const text = (description: string): JsonObject => ({ type: 'string', minLength: 1, description });

const RULE: JsonObject = {
  type: 'object',
  additionalProperties: false,
  properties: {
    from: text('Name or path of the source field, for example `price.amount` or `lines[0].id`.'),
    constant: { description: 'A value that every record gets.' },
    default: { description: 'Value when the source has none.' },
    required: { type: 'boolean', description: 'Refuse records without a value.' },
    type: { enum: [...FIELD_TYPES], description: 'Kind of the value; `text` when not given.' },
    decimal: { enum: ['.', ','], description: 'Decimal sign of the source.' },
    group: {
      enum: ['.', ',', ' ', "'"],
      description: 'Sign between groups of digits, of which the last has three.',
    },
    format: text(
      'Form of dates, for example `dd.MM.yyyy`, `epochSeconds` or `epochMillis`; ISO 8601 when not given.',
    ),
    values: { type: 'object', description: 'Translation of the source’s words.' },
    reference: text('The value names a record: it becomes the id of its resource of this kind.'),
    referenceSource: text('Instance that publishes the resource referred to.'),
    when: text('The rule holds only for records with a value in this field.'),
  },
};

/** JSON Schema of the properties of a {@link RecordMapping}, to be part of a stream's settings. */
export const mappingProperties: JsonObject = {
  resource: {
    type: 'string',
    pattern: '^[a-z][A-Za-z0-9]*$',
    description: 'TMF resource that the records become, for example `productSpecification`.',
  },
  id: {
    type: ['string', 'array'],
    minLength: 1,
    description: 'Field, or list of fields, that identifies a record.',
    if: { type: 'array' },
    then: { minItems: 1, items: text('A field.') },
  },
  idType: {
    type: 'string',
    minLength: 1,
    default: 'record',
    description: 'Kind of the external identifier.',
  },
  changed: { ...RULE, description: 'Where the time of change stands.' },
  deleted: {
    type: 'object',
    additionalProperties: false,
    required: ['from', 'values'],
    description: 'How a record says that it has ended.',
    properties: {
      from: text('Field that says it.'),
      values: { type: 'array', minItems: 1, description: 'Values that mean it.' },
      as: {
        enum: ['delete', 'retire'],
        default: 'retire',
        description: 'What happens to the resource: removed, or its life cycle ends.',
      },
    },
  },
  fields: {
    type: 'object',
    minProperties: 1,
    description: 'Attribute path of the resource → source field or rule.',
    additionalProperties: { type: ['string', 'object'], minLength: 1, if: { type: 'object' }, then: RULE },
  },
  ...sharingProperties,
  samples: {
    type: 'array',
    maxItems: 20,
    items: { type: 'object' },
    description: 'Records as the source gives them, made up: mappings are tried and shown on them.',
  },
};

/** Names of {@link mappingProperties} that must be given. */
export const mappingRequired: readonly string[] = ['resource', 'id', 'fields'];
