import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { isJsonObject, type Json } from '@quotebridge/platform/core';

/**
 * The version of the product as the nearest `package.json` above the folder says it, that of a checkout or of an image;
 * `unknown` where there is none.
 */
export const productVersion = (folder = __dirname): string => {
  const file = path.join(folder, 'package.json');
  if (existsSync(file)) {
    const content = JSON.parse(readFileSync(file, 'utf8')) as Json;
    const version = isJsonObject(content) ? content['version'] : undefined;
    return typeof version === 'string' ? version : 'unknown';
  }
  const above = path.dirname(folder);
  return above === folder ? 'unknown' : productVersion(above);
};
