import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { PermanentError } from '@quotebridge/platform/events';
import type { ActionEvent } from './action';

const text = (value: unknown): value is string => typeof value === 'string' && value !== '';

const hasId = (value: JsonObject): value is JsonObject & { id: string } => text(value['id']);

/**
 * Reads the TMF event envelope: `event` holds the resource under its name. Throws `PermanentError` when it is none,
 * because a second delivery would not make it one.
 */
export const readActionEvent = (payload: unknown): ActionEvent => {
  if (!isJsonObject(payload) || !isJsonObject(payload['event'])) {
    throw new PermanentError('The message is no TMF event: it has no object "event"');
  }
  const { eventId, eventType, eventTime } = payload;
  if (!text(eventId) || !text(eventType) || !text(eventTime)) {
    throw new PermanentError('The event lacks eventId, eventType or eventTime');
  }
  const resource = Object.values(payload['event']).find(isJsonObject);
  if (resource === undefined || !hasId(resource)) {
    throw new PermanentError(`The ${eventType} carries no resource with an id`);
  }
  return { eventId, eventType, eventTime, resource };
};
