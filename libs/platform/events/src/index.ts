export { ALERTS, TMF_EVENTS, INGEST, DEAD_LETTERS, STREAMS } from './topology';
export {
  BrokerUnavailable,
  eventIdOf,
  PermanentError,
  type ConsumerSpec,
  type Delivery,
  type DeliveryHandler,
} from './delivery';
export type { ConsumerPart } from './consumer-part';
export type { ConsumptionObserver } from './consumption';
export { EventBus, type EventBusOptions, type Heard, type PublishOptions } from './event-bus';
export { forgetConsumers } from './forget-consumers';
export type { Running } from './responder';
export { deadLetterFacts, type DeadLetter } from './dead-letter';
export { listDeadLetters, replayDeadLetter } from './dead-letters';
export { alertSubject, callAlertSubject } from './alert';
export * from './ingest';
export { questionSubject, type QuestionAnswer } from './question';
