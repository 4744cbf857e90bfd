export { compareCursors, laterCursor, readFrom } from './cursor';
export type { Cursor } from './cursor';
export { ActionRefused } from './action';
export type { Action, ActionEvent, ActionResult } from './action';
export type { AuthKind, Connector, ConnectorContext, ConnectorDefinition } from './definition';
export { QuestionRefused } from './question';
export type { Question } from './question';
export { CursorExpired, isRejection } from './stream';
export type { ReadProgress, Rejection, SettledRecord, Stream, StreamPage } from './stream';
export { consumerOf, consumerOwner } from './consumer-names';
export { ConnectorInstance } from './instance';
export { WrongSettings } from './instance-options';
export { UnknownStream } from './unknown-stream';
export type { RunAsk } from './stream-runner';
export type {
  CausingMessage,
  ConnectorObserver,
  ConnectorTrace,
  InstanceOptions,
  StreamOptions,
} from './instance-options';
export { whileHolding } from './holding';
export { WrongMapping } from './mapping-override';
export { Concerns } from './concerns';
export { correctionOf } from './correction';
export { mapPage, type MapRecord } from './mapped-page';
export { mongoStores } from './mongo-stores';
export { isTimeZone, offerOf, optionFaults } from './offer';
export type { Offer, RunOptions } from './offer';
export type { OutcomePatience } from './outcome-inbox';
export type {
  Concern,
  ConcernBook,
  ConnectorStores,
  Listed,
  Note,
  Notes,
  Quarantined,
  WorkLease,
} from './ports';
export { redactor } from './redact';
export type { Redactor } from './redact';
export type { RunCounts, RunMode, RunRecord, RunTrigger } from './run-record';
export { checkSettings } from './settings-check';
export type { CheckedSettings } from './settings-check';
export { isFresh, TokenCache } from './token-cache';
export type { Token } from './token-cache';
export { externalIdentifier, externalIdsOf } from './external-identifier';
export { objectAt, objectsIn, textAt } from './vendor-json';
export { clientCredentials } from './client-credentials';
export type { AccessTokens, ClientCredentialsOptions } from './client-credentials';
export { tokenEndpoint } from './token-endpoint';
export type { TokenEndpointOptions } from './token-endpoint';
export { signedWebhook } from './signed-webhook';
export type { SignedWebhook } from './signed-webhook';
export { cloudEventWebhook } from './cloud-event-webhook';
export type { CloudEventWebhook } from './cloud-event-webhook';
export type { CloudEvent } from './cloud-event';
export { triggerAll } from './webhook';
export type { WebhookSigning } from './webhook-signature';
export type { Push, PushPort, Webhook, WebhookAnswer, WebhookMessage } from './webhook';
export { address, callSettings, callsOf, limitsOf, text, whole } from './settings-schema';
export type { CallSettings } from './settings-schema';
export {
  mappingFaults,
  mappingProperties,
  mappingRequired,
  parsePath,
  pointerOf,
  recordMapper,
  valueAt,
} from './fields';
export type { FieldRule, RecordMapper, RecordMapping } from './fields';
export { dueAfter, readSchedule, type Schedule } from './schedule';
export { TwoWayValue } from './two-way';
export type { Held, SideRecord } from './two-way';
export { ORDER_EVENTS, paymentPatch, paymentStatusOf } from './payment-status';
