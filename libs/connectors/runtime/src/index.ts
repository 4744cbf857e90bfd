export { startConnector, type ConnectorAppSettings, type RunningConnector } from './start-connector';
export { readStreamOptions, type StreamFile } from './stream-file';
