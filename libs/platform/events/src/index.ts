export { TMF_EVENTS, INGEST, DEAD_LETTERS, STREAMS } from './topology';
export { PermanentError, type ConsumerSpec, type Delivery, type DeliveryHandler } from './delivery';
export type { ConsumptionObserver } from './consumption';
export { EventBus, type EventBusOptions, type PublishOptions, type Running } from './event-bus';
export { listDeadLetters, replayDeadLetter, type DeadLetter } from './dead-letters';
export * from './ingest';
