export { compareCursors, laterCursor, readFrom } from './cursor';
export type { Cursor } from './cursor';
export { ActionRefused, isRejection } from './definition';
export type {
  Action,
  ActionEvent,
  ActionResult,
  AuthKind,
  Connector,
  ConnectorContext,
  ConnectorDefinition,
  ReadProgress,
  Rejection,
  SettledRecord,
  Stream,
} from './definition';
export { ConnectorInstance } from './instance';
export { UnknownStream, WrongSettings } from './instance-options';
export type { ConnectorObserver, ConnectorTrace, InstanceOptions } from './instance-options';
export { mongoStores } from './mongo-stores';
export type { OutcomePatience } from './outcome-inbox';
export type { ConnectorStores, Note, Notes, Quarantined } from './ports';
export { redactor } from './redact';
export type { Redactor } from './redact';
export type { RunCounts, RunMode, RunRecord, RunTrigger } from './run-record';
export { checkSettings } from './settings-check';
export type { CheckedSettings } from './settings-check';
export { TokenCache } from './token-cache';
export type { Token } from './token-cache';
export { externalIdentifier, externalIdsOf } from './external-identifier';
export { objectAt, objectsIn, textAt } from './vendor-json';
export { clientCredentials } from './client-credentials';
export type { AccessTokens, ClientCredentialsOptions } from './client-credentials';
export type { Push, PushPort, Webhook, WebhookAnswer, WebhookMessage } from './webhook';
