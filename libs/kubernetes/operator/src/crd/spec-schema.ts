import type { JsonObject } from '@quotebridge/platform/core';
import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { memberOf } from '../connector';
import { crdFragment } from './fragment';

const text = (description: string, rest: JsonObject = {}): JsonObject => ({
  type: 'string',
  description,
  ...rest,
});

const object = (description: string, properties: JsonObject, rest: JsonObject = {}): JsonObject => ({
  type: 'object',
  description,
  properties,
  ...rest,
});

const namedList = (
  description: string,
  maxItems: number,
  properties: JsonObject,
  rest: JsonObject = {},
): JsonObject => ({
  type: 'array',
  description,
  maxItems,
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['name'],
  items: { type: 'object', required: ['name'], properties, ...rest },
});

const rule = (expression: string, message: string, fieldPath?: string): JsonObject => ({
  rule: expression,
  message,
  ...(fieldPath === undefined ? {} : { fieldPath }),
});

const quantities = (description: string): JsonObject => ({
  type: 'object',
  description,
  maxProperties: 8,
  additionalProperties: {
    anyOf: [{ type: 'integer' }, { type: 'string' }],
    pattern:
      '^(\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))(([KMGTPE]i)|[numkMGTPE]|([eE](\\+|-)?(([0-9]+(\\.[0-9]*)?)|(\\.[0-9]+))))?$',
    'x-kubernetes-int-or-string': true,
  },
});

const whole = (description: string, minimum: number, maximum: number, rest: JsonObject = {}): JsonObject => ({
  type: 'integer',
  format: 'int64',
  description,
  minimum,
  maximum,
  ...rest,
});

// Both are in the settings of every connector; here they have one place for all types.
const BUDGET = ['perSecond', 'perDay'];

const withoutBudget = (schema: JsonObject): JsonObject => {
  const properties = { ...(schema['properties'] as JsonObject) };
  for (const name of BUDGET) delete properties[name];
  return { ...schema, properties };
};

const members = (definitions: readonly ConnectorDefinition[]): JsonObject =>
  Object.fromEntries(
    definitions.map(({ id, title, settingsSchema }) => [
      memberOf(id),
      {
        ...crdFragment(withoutBudget(settingsSchema)),
        description: `Settings of the type ${id} (${title}).`,
      },
    ]),
  );

const unionRules = (definitions: readonly ConnectorDefinition[]): JsonObject[] =>
  definitions.flatMap(({ id }) => {
    const member = memberOf(id);
    return [
      rule(
        `self.type != '${id}' || has(self.${member})`,
        `type is ${id}: its settings belong under spec.${member}`,
      ),
      rule(
        `self.type == '${id}' || !has(self.${member})`,
        `spec.${member} has no meaning unless type is ${id}`,
        `.${member}`,
      ),
    ];
  });

/** The schema of `spec`. */
export const specSchema = (definitions: readonly ConnectorDefinition[]): JsonObject =>
  object(
    'What the connector is to be.',
    {
      type: text('Kind of connector; cannot be changed, because the checkpoints belong to it.', {
        enum: definitions.map(({ id }) => id),
        'x-kubernetes-validations': [
          rule('self == oldSelf', 'type cannot be changed: checkpoints belong to it; make a new Connector'),
        ],
      }),
      instance: text(
        'Name of the instance: owner of the external identifiers it gives, and of its checkpoints. The name of the resource unless given. Must be one of its kind among all Connectors that share a database.',
        { pattern: '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$', maxLength: 40 },
      ),
      ...members(definitions),
      state: text(
        'Running: does its work. Paused: the process is there and can be asked, but begins nothing by itself. Stopped: no process.',
        { enum: ['Running', 'Paused', 'Stopped'], default: 'Running' },
      ),
      credentialsSecretRef: object(
        'Secret of the same namespace; each of its keys is a secret of the connector (password, clientSecret).',
        { name: text('Its name.', { minLength: 1, maxLength: 253 }) },
        { required: ['name'] },
      ),
      streams: namedList(
        'How streams differ from what the connector declares.',
        64,
        {
          name: text('Name of the stream.', { minLength: 1, maxLength: 64 }),
          enabled: { type: 'boolean', description: 'False: it is not run on schedule.' },
          schedule: text(
            'daily (02:00), hourly, event (only when told), "every 5m", or a cron expression of five fields.',
            {
              maxLength: 120,
              pattern: '^(daily|hourly|event|every \\d+(s|m|h|d)|(\\S+\\s+){4}\\S+)$',
            },
          ),
          timeZone: text('IANA time zone of the schedule. Default: UTC.', {
            maxLength: 64,
            pattern: '^[A-Za-z0-9_+/-]+$',
          }),
          mode: text(
            'What a scheduled run reads: what has changed, everything to find what is gone, or everything to publish it anew.',
            {
              enum: ['delta', 'compare', 'full'],
            },
          ),
          mapping: {
            type: 'object',
            description:
              'Attribute of the TMF resource and the JSONata expression over the record that gives it.',
            maxProperties: 128,
            additionalProperties: { type: 'string', maxLength: 4096 },
          },
        },
        {
          'x-kubernetes-validations': [
            rule('!has(self.timeZone) || has(self.schedule)', 'timeZone says nothing without a schedule'),
          ],
        },
      ),
      actions: namedList('Which actions are performed; those not named are.', 64, {
        name: text('Name of the action.', { minLength: 1, maxLength: 64 }),
        enabled: { type: 'boolean', description: 'False: its events wait.' },
      }),
      rateBudget: object('Most calls of the outside system, shared by everything this connector does.', {
        perSecond: whole('Calls per second.', 1, 1000),
        perDay: whole('Calls per day (UTC).', 1, 10_000_000),
      }),
      replicas: whole('Processes; streams run on one of them at a time.', 1, 5, { default: 1 }),
      resources: object('CPU and memory of a process.', {
        requests: quantities('What is reserved.'),
        limits: quantities('What it may not exceed.'),
      }),
      logLevel: text('Least level logged.', { enum: ['debug', 'info', 'warn', 'error'] }),
      network: object('Which networks the connector may call, besides MongoDB, NATS and DNS.', {
        egress: {
          type: 'array',
          description: 'Replaces the usual rule, which is TCP 443 to anywhere but link-local addresses.',
          maxItems: 64,
          'x-kubernetes-list-type': 'atomic',
          items: object(
            'A network.',
            {
              cidr: text('For example 203.0.113.0/24.', {
                maxLength: 49,
                'x-kubernetes-validations': [rule('isCIDR(self)', 'is no network such as 203.0.113.0/24')],
              }),
              ports: {
                type: 'array',
                description: 'TCP ports; 443 unless given.',
                maxItems: 16,
                items: whole('A port.', 1, 65_535),
              },
            },
            { required: ['cidr'] },
          ),
        },
      }),
      exposedApi: object(
        'An API of the connector itself that the ODA Canvas publishes as ExposedAPI, for example a webhook receiver.',
        {
          path: text(
            'Path at which the API is reached; begins with /<component name>/ and is unique in the cluster.',
            {
              pattern: '^/[^/]+/.*$',
              maxLength: 200,
            },
          ),
          specification: object(
            'Its OpenAPI document.',
            {
              url: text('Address of the document; what dependents name.', { format: 'uri', maxLength: 500 }),
              version: text('Its version.', { maxLength: 40 }),
            },
            { required: ['url'] },
          ),
          componentName: text('The ODA Component that it belongs to.', { minLength: 1, maxLength: 63 }),
        },
        { required: ['path', 'specification', 'componentName'] },
      ),
    },
    {
      required: ['type'],
      'x-kubernetes-validations': [
        ...unionRules(definitions),
        rule(
          'has(self.instance) == has(oldSelf.instance) && (!has(self.instance) || self.instance == oldSelf.instance)',
          'instance cannot be changed: external identifiers and checkpoints carry it; make a new Connector',
        ),
      ],
    },
  );
