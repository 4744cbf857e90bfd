import type { JsonObject } from '@quotebridge/platform/core';

const text = (description: string, rest: JsonObject = {}): JsonObject => ({
  type: 'string',
  description,
  ...rest,
});
const time = (description: string): JsonObject => text(description, { format: 'date-time' });
const count = (description: string): JsonObject => ({ type: 'integer', format: 'int64', description });

const condition: JsonObject = {
  type: 'object',
  required: ['type', 'status', 'reason', 'message', 'lastTransitionTime'],
  properties: {
    type: text('Ready, ConfigurationValid, CredentialsValid, Connected, Synced, Progressing or Degraded.'),
    status: text('Whether it holds.', { enum: ['True', 'False', 'Unknown'] }),
    reason: text('One word.'),
    message: text('What it is and what to do.'),
    observedGeneration: count('Generation of the spec that it is about.'),
    lastTransitionTime: time('When its status last changed.'),
  },
};

const stream: JsonObject = {
  type: 'object',
  required: ['name'],
  properties: {
    name: text('Name of the stream.'),
    state: text('How its last run ended, or running.'),
    lastRunTime: time('When its last run began.'),
    lastSuccessTime: time('When a run last ended well.'),
    nextRunTime: time('When the next one is due.'),
    counts: {
      type: 'object',
      description: 'Records of the last run by what became of them.',
      additionalProperties: { type: 'integer', format: 'int64' },
    },
    checkpoint: text('How far the stream has been read.'),
    lag: text('Time since the last success, coarse.'),
    quarantined: count('Records that were not accepted and wait for a person.'),
    error: text('Why the last run failed.'),
  },
};

/** The schema of `status`. */
export const statusSchema: JsonObject = {
  type: 'object',
  description: 'What the operator has seen.',
  properties: {
    observedGeneration: count('Generation of the spec that the status is about.'),
    phase: text('One word for tables.'),
    replicas: text('Ready and wanted processes.'),
    lastSyncTime: time('When a stream last ended well.'),
    lag: text('The longest lag of its streams, coarse.'),
    conditions: {
      type: 'array',
      description: 'What holds and since when.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['type'],
      items: condition,
    },
    streams: {
      type: 'array',
      description: 'What is known of each stream.',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['name'],
      items: stream,
    },
    autoRestart: {
      type: 'object',
      description: 'Restarts that the operator ordered because the connector kept failing.',
      properties: {
        count: count('How many since it was last healthy.'),
        failingSince: time('Since when it fails.'),
        healthySince: time('Since when it is healthy again.'),
        lastTime: time('The last one.'),
      },
    },
    handledRunNow: text('Token of the last run-now that was carried out.'),
  },
};
