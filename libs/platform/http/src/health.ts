import { messageOf } from '@quotebridge/platform/core';
import type { FastifyInstance } from 'fastify';

/** One thing a component cannot work without. `check` rejects with the reason when it is away. */
export interface HealthCheck {
  readonly name: string;
  check(): Promise<void>;
}

/** Whether the process takes requests; turned off first when it shuts down. */
export class Readiness {
  private accepting = true;

  constructor(private readonly checks: readonly HealthCheck[]) {}

  /** Makes readiness fail so that load balancers stop sending before the server closes. */
  drain(): void {
    this.accepting = false;
  }

  async report(): Promise<{ ready: boolean; checks: Record<string, string> }> {
    const results = await Promise.all(
      this.checks.map(async (one): Promise<[string, string]> => {
        try {
          await one.check();
          return [one.name, 'up'];
        } catch (thrown) {
          return [one.name, `down: ${messageOf(thrown)}`];
        }
      }),
    );
    const ready = this.accepting && results.every(([, state]) => state === 'up');
    return {
      ready,
      checks: { ...(this.accepting ? {} : { process: 'draining' }), ...Object.fromEntries(results) },
    };
  }
}

/** `/health/live` (the process answers; with its version) and `/health/ready` (200 or 503, with a line for each dependency). */
export const healthRoutes = (fastify: FastifyInstance, readiness: Readiness, version: string): void => {
  fastify.get('/health/live', async () => ({ status: 'up', version }));
  fastify.get('/health/ready', async (_request, reply) => {
    const { ready, checks } = await readiness.report();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'up' : 'down', checks });
  });
};
