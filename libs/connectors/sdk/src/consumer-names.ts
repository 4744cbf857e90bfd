/** Owner of all durable consumers of an instance, as the broker keeps it (`forgetConsumers`). */
export const consumerOwner = (instance: string): string => `connector/${instance}`;

/** Name of the durable consumer of an action of an instance. */
export const consumerOf = (instance: string, action: string): string => `connector-${instance}-${action}`;
