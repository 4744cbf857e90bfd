import type { Fault, JsonObject } from '@quotebridge/platform/core';
import type { ConflictRule, NaturalKey } from '@quotebridge/platform/events';

/** A natural key as settings write it: `attributes`, or `externalIdentifierType` with or without an owner. */
interface KeySettings {
  readonly attributes?: readonly string[];
  readonly externalIdentifierType?: string;
  readonly owner?: string;
}

/** A conflict rule as settings write it; `order` goes with `priority` only. */
interface ConflictSettings {
  readonly rule: 'newest' | 'priority' | 'manual';
  readonly order?: readonly string[];
}

/** What settings say of resources that other sources bring as well. */
export interface SharingSettings {
  readonly naturalKeys?: readonly KeySettings[];
  readonly conflict?: ConflictSettings;
}

const list = (description: string): JsonObject => ({
  type: 'array',
  minItems: 1,
  items: { type: 'string', minLength: 1, description: 'A name.' },
  description,
});

/** JSON Schema of the properties of {@link SharingSettings}. */
export const sharingProperties: JsonObject = {
  naturalKeys: {
    type: 'array',
    minItems: 1,
    description:
      'What makes a record the same thing as a resource that another source has brought, or somebody has made: any of these is equal. The component needs an index for it.',
    items: {
      type: 'object',
      additionalProperties: false,
      description: 'Either attributes or the kind of an external identifier.',
      properties: {
        attributes: list('Attributes of the resource that are all equal, for example productNumber.'),
        externalIdentifierType: {
          type: 'string',
          minLength: 1,
          description: 'Kind of the external identifier that both have.',
        },
        owner: {
          type: 'string',
          minLength: 1,
          description: 'Whose identifier it is; anybody’s when not given.',
        },
      },
    },
  },
  conflict: {
    type: 'object',
    additionalProperties: false,
    required: ['rule'],
    description: 'Who wins against a change of somebody else; the last record when not given.',
    properties: {
      rule: {
        enum: ['newest', 'priority', 'manual'],
        description:
          'The later time of change; who is further up in `order`; or nobody: the record is in the quarantine until a person decides.',
      },
      order: list('Instances by their priority, and `local` for changes over the API.'),
    },
  },
};

/** What is wrong with them beyond their schema; `path` points into the mapping. */
export const sharingFaults = ({ naturalKeys = [], conflict }: SharingSettings): readonly Fault[] => [
  ...naturalKeys.flatMap(({ attributes, externalIdentifierType, owner }, index): Fault[] => {
    const path = `/naturalKeys/${index}`;
    if ((attributes === undefined) === (externalIdentifierType === undefined))
      return [
        { path, message: 'needs either "attributes" or "externalIdentifierType", and not both', code: 'key' },
      ];
    if (attributes === undefined || owner === undefined) return [];
    return [{ path: `${path}/owner`, message: 'goes with "externalIdentifierType" only', code: 'key' }];
  }),
  ...(conflict === undefined || (conflict.rule === 'priority') === (conflict.order !== undefined)
    ? []
    : [
        {
          path: '/conflict/order',
          message: 'goes with the rule priority, and priority needs it',
          code: 'rule',
        },
      ]),
];

/** The same as the component is told it. The settings must have no {@link sharingFaults}. */
export const sharingOf = ({
  naturalKeys,
  conflict,
}: SharingSettings): { readonly naturalKeys?: readonly NaturalKey[]; readonly conflict?: ConflictRule } => ({
  ...(naturalKeys === undefined ? {} : { naturalKeys: naturalKeys.map(keyOf) }),
  ...(conflict === undefined ? {} : { conflict: ruleOf(conflict) }),
});

const keyOf = ({ attributes = [], externalIdentifierType, owner }: KeySettings): NaturalKey =>
  externalIdentifierType === undefined
    ? { attributes }
    : { externalIdentifierType, ...(owner === undefined ? {} : { owner }) };

const ruleOf = ({ rule, order = [] }: ConflictSettings): ConflictRule =>
  rule === 'priority' ? { rule, order } : { rule };
