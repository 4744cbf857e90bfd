export type { ConnectorAppSettings } from './connector-app';
export { startConnector, type RunningConnector } from './start-connector';
export { readStreamOptions, type StreamFile } from './stream-file';
