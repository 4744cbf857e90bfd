import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Runtime, ConsumerBinding } from '@quotebridge/tmf/component';
import { attributesOf, ingestConsumer, ingestHandler, type IngestPolicy } from '@quotebridge/tmf/resource';
import { listAt, objectAt, textAt } from './json';
import { stateOnTheWay, withReport } from './order-reports';

/** How connectors' records reach product orders. */
const policy: IngestPolicy = { patch: withReport };

/** Longest way between two states of an order. */
const MAX_STEPS = 4;

/**
 * Takes an order through the states before the one that a record reports, each a step of its own with its event.
 * A step that is refused is left to the record itself, whose outcome says why.
 */
const approach = async (runtime: Runtime, record: JsonObject, source: string): Promise<void> => {
  const orders = runtime.service('productOrder');
  const id = textAt(record, 'id') ?? '';
  const reported = objectAt(record, 'resource')['state'];
  for (let steps = 0; steps < MAX_STEPS; steps += 1) {
    const order = await orders.repository.find(id);
    const state = order ? stateOnTheWay(attributesOf(order), reported) : undefined;
    if (state === undefined) return;
    try {
      await orders.change(id, (current) => ({ ...attributesOf(current), state }), {
        actor: `connector:${source}`,
        origin: 'ingest',
      });
    } catch (thrown) {
      if (thrown instanceof Refusal && thrown.status < 500) return;
      throw thrown;
    }
  }
};

/** The consumer of what connectors tell about product orders. */
export const orderReports = (runtime: Runtime): ConsumerBinding => ({
  spec: ingestConsumer('productOrder'),
  handle: async (delivery) => {
    const batch = delivery.json();
    const source = isJsonObject(batch) ? String(batch['source']) : '';
    for (const record of isJsonObject(batch) ? listAt(batch, 'records') : []) {
      if (record['op'] === 'patch') await approach(runtime, record, source);
    }
    await ingestHandler(runtime.bus, runtime.service('productOrder'), policy)(delivery);
  },
});
