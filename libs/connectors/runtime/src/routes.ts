import { createHash, timingSafeEqual } from 'node:crypto';
import { Refusal } from '@quotebridge/platform/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { concernRoutes } from './concern-routes';
import { previewRoutes } from './preview-routes';
import { quarantineRoutes } from './quarantine-routes';
import { runRoutes, type OperationsOptions } from './run-routes';
import { statusRoutes, type StatusOptions } from './status-routes';

/** What the operations routes work on. */
export interface RoutesOptions extends Omit<OperationsOptions, 'operator'>, StatusOptions {
  /** When given, every route but the probes needs it as bearer token. */
  readonly token?: string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

const refuseStrangers =
  (token: string) =>
  async (request: FastifyRequest): Promise<void> => {
    const given = (request.headers.authorization ?? '').replace(/^Bearer /i, '');
    if (!timingSafeEqual(digest(given), digest(token))) {
      throw new Refusal(
        401,
        'unauthorized',
        'This connector is operated with its admin token as bearer token',
        {
          headers: { 'www-authenticate': 'Bearer' },
        },
      );
    }
  };

/** Run streams now, see runs and the quarantine, correct and replay what was rejected. */
export const operationsRoutes = async (
  app: FastifyInstance,
  { token, ...options }: RoutesOptions,
): Promise<void> => {
  if (token !== undefined) app.addHook('onRequest', refuseStrangers(token));
  const operator = token === undefined ? 'local' : 'admin';
  runRoutes(app, { ...options, operator });
  previewRoutes(app, options);
  statusRoutes(app, options);
  concernRoutes(app, options);
  quarantineRoutes(app, { ...options, operator });
};
