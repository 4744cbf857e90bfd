import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OpenApiDocument } from '@quotebridge/tmf-specs';
import type { FastifyInstance } from 'fastify';
import { otherMethods } from './methods';

const ASSETS: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const ASSET_FOLDER = dirname(require.resolve('swagger-ui-dist/package.json'));

const page = (title: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title>
<link rel="icon" href="docs/favicon-32x32.png"><link rel="stylesheet" href="docs/swagger-ui.css"></head>
<body><div id="ui"></div><script src="docs/swagger-ui-bundle.js"></script><script src="docs/start.js"></script></body>
</html>`;

const START = `SwaggerUIBundle({ url: 'openapi', dom_id: '#ui', deepLinking: true, validatorUrl: null });`;

/**
 * Of one API version, for everybody: its base path says what it is and where things are, `/openapi` is the OpenAPI
 * document and `/docs` Swagger UI from its package, nothing fetched.
 */
export const docsRoutes = (scope: FastifyInstance, spec: OpenApiDocument, baseUrl: string): void => {
  const text = JSON.stringify({ ...spec, servers: [{ url: baseUrl }] });
  const title = `${spec.info.title} ${spec.info.version}`.replace(/[<>&]/g, '');
  const assets = new Map<string, Buffer>();
  const { title: name, version } = spec.info;
  const links = { self: baseUrl, openapi: `${baseUrl}/openapi`, docs: `${baseUrl}/docs` };
  scope.get('/', async () => ({ name, version, links }));
  otherMethods(scope, '/', ['GET']);
  scope.get('/openapi', async (_request, reply) => reply.type('application/json; charset=utf-8').send(text));
  scope.get('/docs', async (request, reply) => {
    // The addresses in the page are relative: below `docs/` they would lead nowhere.
    const [path = ''] = request.url.split('?');
    if (path.endsWith('/')) return reply.redirect('../docs');
    return reply.type('text/html; charset=utf-8').send(page(title));
  });
  scope.get('/docs/start.js', async (_request, reply) =>
    reply.type('text/javascript; charset=utf-8').send(START),
  );
  otherMethods(scope, '/openapi', ['GET']);
  otherMethods(scope, '/docs', ['GET']);
  for (const [name, type] of Object.entries(ASSETS)) {
    scope.get(`/docs/${name}`, async (_request, reply) => {
      const asset = assets.get(name) ?? readFileSync(join(ASSET_FOLDER, name));
      assets.set(name, asset);
      return reply.type(type).send(asset);
    });
  }
};
