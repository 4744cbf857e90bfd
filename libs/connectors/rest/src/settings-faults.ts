import { mappingFaults } from '@quotebridge/connectors/sdk';
import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { asSettings, type RestAction, type RestStream } from './settings';
import { templateFaults } from './template';

const twice = (entries: readonly { readonly name: string }[], path: string): Fault[] =>
  entries.flatMap(({ name }, index) =>
    entries.findIndex((entry) => entry.name === name) < index
      ? [{ path: `${path}/${index}/name`, message: `"${name}" is there twice`, code: 'unique' }]
      : [],
  );

const streamFaults = (stream: RestStream): Fault[] => [
  ...mappingFaults(stream),
  ...(stream.delta !== undefined && stream.changed === undefined
    ? [
        {
          path: '/changed',
          message: 'is needed for a delta: where the time of change stands',
          code: 'required',
        },
      ]
    : []),
];

const callFaults = (action: RestAction): Fault[] => [
  ...(action.effect === 'once' && action.lookup === undefined
    ? [
        {
          path: '/lookup',
          message: 'is needed for an effect that happens once: after a lost answer it must be looked for',
          code: 'required',
        },
      ]
    : []),
  ...[
    action.key,
    action.send.path,
    action.lookup?.path ?? '',
    action.send.body ?? null,
    action.results as never,
  ].flatMap((template, index) =>
    templateFaults(template).map((message) => ({
      path: ['/key', '/send/path', '/lookup/path', '/send/body', '/results'][index] ?? '',
      message,
      code: 'template',
    })),
  ),
];

/** What is wrong with settings that fit the schema. */
export const settingsFaults = (checked: JsonObject): readonly Fault[] => {
  const { streams, actions, webhooks } = asSettings(checked);
  const names = new Set(streams.map(({ name }) => name));
  const below = (path: string, faults: readonly Fault[]): Fault[] =>
    faults.map((fault) => ({ ...fault, path: `${path}${fault.path}` }));
  return [
    ...twice(streams, '/streams'),
    ...twice(actions, '/actions'),
    ...twice(webhooks, '/webhooks'),
    ...streams.flatMap((stream, index) => below(`/streams/${index}`, streamFaults(stream))),
    ...actions.flatMap((action, index) => below(`/actions/${index}`, callFaults(action))),
    ...webhooks.flatMap(({ stream }, index) =>
      names.has(stream)
        ? []
        : [
            {
              path: `/webhooks/${index}/stream`,
              message: `"${stream}" is no stream of these settings`,
              code: 'reference',
            },
          ],
    ),
  ];
};
