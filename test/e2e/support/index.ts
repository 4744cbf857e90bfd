export { envelopesInStream, type Broker } from './event-stream';
export { eventually } from './eventually';
export { freePort } from './free-port';
export { startMongo, startOwnMongo, type OwnMongo, type TestMongo } from './mongo';
export { startNats, startOwnNats, type OwnNats, type TestNats } from './nats';
export { runApp, startProcess, type ProcessEnv, type TestProcess } from './test-process';
export { otlpReceiver, spansOf, type OtlpBody, type OtlpReceiver, type ReceivedSpan } from './otlp-receiver';
