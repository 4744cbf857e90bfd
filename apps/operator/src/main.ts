import { randomUUID } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { hostname } from 'node:os';
import { connectorDefinitions } from '@quotebridge/connectors/all';
import { clusterAddress, KubeClient } from '@quotebridge/kubernetes/client';
import { startAdmission, startOperator } from '@quotebridge/kubernetes/operator';
import { endOnSignal, keepHeapTight, messageOf, systemClock } from '@quotebridge/platform/core';
import { loadSettings } from '@quotebridge/platform/config';
import { closePromptly, healthRoutes, Readiness } from '@quotebridge/platform/http';
import { createLogger, createMetrics, productVersion, startTelemetry } from '@quotebridge/platform/telemetry';
import fastify from 'fastify';
import { operatorSettings } from './settings';

// An option that is not set must be absent, not undefined.
const given = <K extends string, T>(name: K, value: T | undefined): { [P in K]?: T } =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: T };

const started = endOnSignal((thrown) =>
  process.stderr.write(`The operator did not end cleanly: ${messageOf(thrown)}\n`),
);

const main = async (): Promise<void> => {
  const env = loadSettings(operatorSettings, process.env);
  const logger = createLogger({ service: 'operator', level: env.logLevel });
  const telemetry = await startTelemetry({
    service: 'operator',
    version: productVersion(),
    sampleRatio: env.traceRatio,
    ...given('otlpEndpoint', env.otlpEndpoint),
  });
  const address = clusterAddress({
    servicePort: env.kubernetesServicePort,
    ...given('url', env.kubeApiUrl),
    ...given('tokenFile', env.kubeTokenFile),
    ...given('caFile', env.kubeCaFile),
    ...given('serviceHost', env.kubernetesServiceHost),
  });
  const client = new KubeClient({ address, manager: 'quotebridge-operator' });
  const metrics = createMetrics({ service: 'operator' });
  // A reconcile waits for it.
  const names = new Resolver({ timeout: 2_000, tries: 2 });
  const operator = await startOperator({
    client,
    definitions: connectorDefinitions,
    settings: {
      image: env.connectorImage,
      imagePullSecrets: env.connectorPullSecrets,
      platformSecret: env.platformSecret,
      operatorNamespace: env.operatorNamespace,
      traceRatio: String(env.traceRatio),
      ...given('monitoringNamespace', env.monitoringNamespace),
      ingressNamespaces: env.ingressNamespaces,
      ...(env.trustConfigMap === undefined
        ? {}
        : { trust: { configMap: env.trustConfigMap, key: env.trustKey } }),
      ...given('otlpEndpoint', env.otlpEndpoint),
    },
    ...given('namespace', env.watchNamespace),
    connectorAddress: env.connectorUrl,
    identity: `${env.podName ?? hostname()}_${randomUUID().slice(0, 8)}`,
    leaderTimes: {
      leaseMs: env.leaseDuration,
      renewMs: (env.leaseDuration * 2) / 3,
      retryMs: env.leaseDuration / 6,
    },
    pollMs: env.pollInterval,
    relistMs: env.relistInterval,
    silenceMs: env.watchSilence,
    canvasLookMs: env.canvasInterval,
    workers: env.workers,
    resolveSrv: (name) => names.resolveSrv(name),
    clock: systemClock,
    random: Math.random,
    logger,
    metrics,
    lost: (reason) => {
      // Another replica leads from now on. Ending at once is the only way to be sure that nothing more is done here.
      logger.error({ reason }, 'This replica no longer leads and ends');
      process.exit(1);
    },
  });
  let hasRead = false;
  void operator.synced.then(() => (hasRead = true));
  const http = fastify({ logger: false, forceCloseConnections: 'idle' });
  const readiness = new Readiness([
    {
      name: 'kubernetes',
      check: async () => {
        const late = hasRead ? operator.health() : 'not everything has been read yet';
        if (late !== undefined) throw new Error(late);
      },
    },
  ]);
  healthRoutes(http, readiness, productVersion());
  http.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  const admission =
    env.admissionCertDir === undefined
      ? undefined
      : await startAdmission({
          host: env.host,
          port: env.admissionPort,
          certDir: env.admissionCertDir,
          judge: operator.judge,
          logger,
          metrics,
        });
  const url = await http.listen({ host: env.host, port: env.port });
  logger.info({ url, namespace: env.watchNamespace ?? 'all' }, 'The operator runs');
  const ready = { ready: 'operator', url, ...given('admission', admission?.url) };
  process.stdout.write(`${JSON.stringify(ready)}\n`);

  started(async () => {
    readiness.drain();
    await operator.stop();
    await admission?.stop();
    await closePromptly(http.server, () => http.close());
    await client.close();
    await telemetry.stop();
  });
};

keepHeapTight();
main().catch((thrown: unknown) => {
  process.stderr.write(`${messageOf(thrown)}\n`);
  process.exit(1);
});
