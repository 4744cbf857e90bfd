import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { JsonObject } from '@quotebridge/platform/core';

/** The settings that a guide shows, its first block of JSON, with addresses replaced. */
export const settingsOfGuide = (file: string, replace: Readonly<Record<string, string>>): JsonObject => {
  const text = readFileSync(path.resolve(__dirname, '../../../docs/guides', file), 'utf8');
  let [, block = ''] = /```json\n([^]*?)```/.exec(text) ?? [];
  for (const [from, to] of Object.entries(replace)) block = block.replaceAll(from, to);
  return JSON.parse(block) as JsonObject;
};
