import type { JsonObject } from '@quotebridge/platform/core';
import type { ConnectorDefinition } from '@quotebridge/connectors/sdk';
import { CONNECTORS, GROUP } from '../connector';
import { specSchema } from './spec-schema';
import { statusSchema } from './status-schema';

const column = (name: string, jsonPath: string, rest: JsonObject = {}): JsonObject => ({
  name,
  jsonPath,
  type: 'string',
  ...rest,
});

const COLUMNS: readonly JsonObject[] = [
  column('Type', '.spec.type'),
  column('State', '.status.phase'),
  column('Ready', '.status.replicas'),
  column('Last sync', '.status.lastSyncTime', { type: 'date' }),
  column('Lag', '.status.lag'),
  column('Reason', '.status.conditions[?(@.type=="Ready")].reason', { priority: 1 }),
  column('Age', '.metadata.creationTimestamp', { type: 'date' }),
];

// The instance takes the name unless told otherwise, and becomes part of subjects and consumers of NATS.
const NAME_RULE: JsonObject = {
  rule: "self.metadata.name.size() <= 40 && !self.metadata.name.contains('.')",
  message: 'metadata.name must have at most 40 letters, digits and dashes: it names the instance',
};

/** The CustomResourceDefinition of Connector for these kinds of connectors. */
export const connectorCrd = (definitions: readonly ConnectorDefinition[]): JsonObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${CONNECTORS.plural}.${GROUP}`,
    labels: { 'app.kubernetes.io/part-of': 'quotebridge' },
  },
  spec: {
    group: GROUP,
    scope: 'Namespaced',
    names: {
      kind: CONNECTORS.kind,
      listKind: `${CONNECTORS.kind}List`,
      plural: CONNECTORS.plural,
      singular: 'connector',
      shortNames: ['qbc', 'qbconn'],
      categories: ['quotebridge'],
    },
    versions: [
      {
        name: CONNECTORS.version,
        served: true,
        storage: true,
        subresources: { status: {} },
        additionalPrinterColumns: [...COLUMNS],
        selectableFields: [{ jsonPath: '.spec.type' }, { jsonPath: '.spec.state' }],
        schema: {
          openAPIV3Schema: {
            type: 'object',
            description: 'A connector between QuoteBridge and one outside system.',
            required: ['spec'],
            properties: {
              apiVersion: { type: 'string' },
              kind: { type: 'string' },
              metadata: { type: 'object' },
              spec: specSchema(definitions),
              status: statusSchema,
            },
            'x-kubernetes-validations': [NAME_RULE],
          },
        },
      },
    ],
  },
});
