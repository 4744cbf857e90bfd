export { startConnector, type ConnectorAppSettings, type RunningConnector } from './start-connector';
export { repeat, type Schedule } from './schedule';
