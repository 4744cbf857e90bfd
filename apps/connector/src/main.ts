import { startConnector } from '@quotebridge/connectors/runtime';
import { endOnSignal, keepHeapTight, messageOf } from '@quotebridge/platform/core';
import { loadSettings } from '@quotebridge/platform/config';
import { createLogger, productVersion, startTelemetry } from '@quotebridge/platform/telemetry';
import { connectorNamed } from './connectors';
import { processSettings, readConnectorSettings, readSecrets, readStreams } from './settings';

const started = endOnSignal((thrown) =>
  process.stderr.write(`The connector did not end cleanly: ${messageOf(thrown)}\n`),
);

const main = async (): Promise<void> => {
  const env = loadSettings(processSettings, process.env);
  const service = `connector-${env.connectorInstance}`;
  const logger = createLogger({ service, level: env.logLevel });
  const telemetry = await startTelemetry({
    service,
    version: productVersion(),
    sampleRatio: env.traceRatio,
    ...(env.otlpEndpoint === undefined ? {} : { otlpEndpoint: env.otlpEndpoint }),
  });
  const connector = await startConnector({
    definition: connectorNamed(env.connectorType),
    instance: env.connectorInstance,
    settings: readConnectorSettings(env.connectorSettings, env.connectorSettingsFile),
    secrets: readSecrets(env.connectorSecrets?.reveal(), env.connectorSecretsDir),
    mongodbUri: env.mongodbUri,
    database: env.connectorDatabase,
    natsUrl: env.natsUrl,
    host: env.host,
    port: env.port,
    schedule: { schedule: env.streamSchedule, timeZone: env.streamTimeZone },
    paused: env.connectorState === 'paused',
    ...readStreams(env.connectorStreams, env.connectorStreamsFile),
    settleMs: env.settleTime,
    startupWaitMs: env.startupWait,
    processMetrics: true,
    outbound: { allow: env.outboundAllow, allowHosts: env.outboundAllowHosts },
    logger,
    ...(env.adminToken === undefined ? {} : { adminToken: env.adminToken.reveal() }),
  });
  started(() => connector.stop().then(() => telemetry.stop()));
};

keepHeapTight();
main().catch((thrown: unknown) => {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exit(1);
});
