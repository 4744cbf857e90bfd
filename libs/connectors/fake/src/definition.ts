import { QuestionRefused, textAt, type ConnectorDefinition } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';
import { classify } from './classify';
import { FakeClient } from './client';
import { createOrder } from './create-order';
import { settingsSchema, type FakeSettings } from './settings';
import { streamsOf } from './streams';

// The schema has been checked before `open`; this is the one place that trusts it.
const asSettings = (checked: JsonObject): FakeSettings => checked as unknown as FakeSettings;

/** A system of no vendor: parts and offers in, orders out, stock live. Pattern of a connector, and proof of the engine. */
export const fake: ConnectorDefinition = {
  id: 'fake',
  title: 'Fake',
  settingsSchema,
  requiredSecrets: () => ['clientSecret'],
  auth: ['clientCredentials'],
  rateLimits: {},
  classify,
  open: (context) => {
    const settings = asSettings(context.settings);
    const client = new FakeClient(settings, context);
    return {
      streams: streamsOf(context.instance, settings, client),
      actions: [createOrder(client, context)],
      actionsAtOnce: settings.callsAtOnce,
      questions: [
        {
          name: 'stock',
          title: 'How much of a part is there',
          deadlineMs: 2_000,
          answer: async (question) => {
            const part = textAt(question, 'part');
            if (part === undefined) throw new QuestionRefused('the question names no part');
            return client.get(`/parts/${encodeURIComponent(part)}/stock`);
          },
        },
      ],
      check: async () => {
        await client.get('/orders?externalId=none');
      },
      close: () => client.close(),
    };
  },
};
