import type { Server } from 'node:https';
import { messageOf } from '@quotebridge/platform/core';
import { closePromptly } from '@quotebridge/platform/http';
import type { Logger, Metrics } from '@quotebridge/platform/telemetry';
import fastify from 'fastify';
import { readKeyPair, type KeyPair } from './certificate';
import { review, type Judge } from './review';

/** What serving reviews needs. */
export interface AdmissionOptions {
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  /** Folder with `tls.crt` and `tls.key`; looked at again from time to time, for certificates are renewed. */
  readonly certDir: string;
  readonly judge: Judge;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A door at which the API server asks. */
export interface RunningAdmission {
  readonly url: string;
  stop(): Promise<void>;
}

/** An object of Kubernetes has at most 1.5 MB, and a review of a change holds two. */
const LARGEST = 4 * 1024 * 1024;
/** The kubelet brings a new Secret within about a minute; some seconds more do not matter. */
const LOOK_MS = 10_000;

/** Serves `POST /validate` over TLS 1.3. Throws a sentence when there is no certificate. */
export const startAdmission = async (options: AdmissionOptions): Promise<RunningAdmission> => {
  const { host, port, certDir, judge, logger, metrics } = options;
  let pair: KeyPair = readKeyPair(certDir);
  const answered = metrics.counter({
    name: 'quotebridge_operator_admissions_total',
    help: 'Connectors that the API server asked about before it stored them, by answer',
    labels: ['result'],
  });
  metrics.gauge(
    {
      name: 'quotebridge_operator_certificate_expiry_timestamp_seconds',
      help: 'When the certificate of the admission webhook ends, Unix time',
      labels: [],
    },
    (gauge) => gauge.set({}, pair.endsMs / 1000),
  );
  const http = fastify({
    logger: false,
    bodyLimit: LARGEST,
    forceCloseConnections: 'idle',
    https: { cert: pair.cert, key: pair.key, minVersion: 'TLSv1.3' },
  });
  http.post('/validate', async ({ body }, reply) => {
    const reviewed = await review(body, judge);
    if (reviewed === undefined) return reply.code(400).send({ message: 'Send an AdmissionReview' });
    answered.add({ result: reviewed.result });
    return reply.send(reviewed.answer);
  });
  const renew = (server: Server): void => {
    try {
      const now = readKeyPair(certDir);
      if (now.cert === pair.cert && now.key === pair.key) return;
      server.setSecureContext({ cert: now.cert, key: now.key, minVersion: 'TLSv1.3' });
      pair = now;
      logger.info({ ends: new Date(now.endsMs).toISOString() }, 'The certificate of the webhook was renewed');
    } catch (thrown) {
      // Half of it may be written; the old one serves until the next look.
      logger.warn({ error: messageOf(thrown) }, 'The certificate of the webhook could not be renewed');
    }
  };
  const timer = setInterval(() => renew(http.server), LOOK_MS);
  timer.unref();
  const url = await http.listen({ host, port });
  return {
    url,
    stop: async () => {
      clearInterval(timer);
      // The API server keeps connections open; one that is cut with a question on it is, with `Fail`, a refusal.
      await closePromptly(http.server, () => http.close());
    },
  };
};
