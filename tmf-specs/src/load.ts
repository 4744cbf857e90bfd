import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Api, ApiVersion, OpenApiDocument } from './types';

// The same relative place serves the sources (tmf-specs/src) and the build (dist/tmf-specs/src).
const FOLDERS = [join(__dirname, '..', 'generated'), join(__dirname, 'generated')];

const documents = new Map<string, OpenApiDocument>();

/**
 * The committed OpenAPI document of one API in one version, read once and shared. Treat it as read-only.
 * Throws when the file is not there, which means that the build left it out.
 */
export const loadSpec = (api: Api, version: ApiVersion): OpenApiDocument => {
  const name = `${api}-${version}.json`;
  const known = documents.get(name);
  if (known !== undefined) return known;
  const folder = FOLDERS.find((candidate) => existsSync(join(candidate, name)));
  if (folder === undefined) {
    throw new Error(
      `The OpenAPI document ${name} was not found in ${FOLDERS.join(' or ')}: run "npm run generate".`,
    );
  }
  const document = JSON.parse(readFileSync(join(folder, name), 'utf8')) as OpenApiDocument;
  documents.set(name, document);
  return document;
};
