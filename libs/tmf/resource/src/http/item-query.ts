import { Refusal, type Fault } from '@quotebridge/platform/core';
import { parseSelection, type FieldSelection } from '@quotebridge/tmf/query';
import type { FastifyRequest } from 'fastify';
import { refuseQuery } from './refuse-query';
import { rawQuery } from './request';

/** What the query of a request for one resource may say. */
export interface ItemQuery {
  /** The attributes to answer with; absent for all. */
  readonly fields?: FieldSelection;
  readonly checkReferences: boolean;
}

const NOTHING: ItemQuery = { checkReferences: false };
const KNOWN = ['fields', 'checkReferences', 'depth', 'expand'] as const;

const fault = (path: string, message: string, code: string): Fault => ({ path, message, code });

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return undefined;
  }
};

const parametersOf = (query: string): Map<string, string[]> => {
  const values = new Map<string, string[]>();
  const faults: Fault[] = [];
  for (const part of query.split('&').filter((text) => text !== '')) {
    const at = part.indexOf('=');
    const name = decoded(at < 0 ? part : part.slice(0, at));
    const value = decoded(at < 0 ? '' : part.slice(at + 1));
    if (name === undefined || value === undefined)
      faults.push(fault(part.slice(0, 80), 'is not valid percent-encoding', 'syntax'));
    else if (!KNOWN.some((known) => known === name))
      // A parameter that is passed over in silence may have meant another resource (a version, for example).
      faults.push(
        fault(name.slice(0, 80), `is not known here; known are ${KNOWN.join(', ')}`, 'unknownAttribute'),
      );
    else values.set(name, [...(values.get(name) ?? []), value]);
  }
  if (faults.length > 0) refuseQuery(faults);
  return values;
};

const flagOf = (name: string, values: readonly string[] = []): boolean => {
  const unlike = values.find((value) => value !== 'true' && value !== 'false');
  if (unlike === undefined && new Set(values).size < 2) return values[0] === 'true';
  throw new Refusal(400, 'invalidQuery', `"${name}" must be true or false`, {
    faults: [fault(name, 'must be true or false', 'value')],
  });
};

/** Reads the query of a request for one resource; what is not known there is refused with 400. */
export const parseItemQuery = (query: string): ItemQuery => {
  if (query === '') return NOTHING;
  const values = parametersOf(query);
  const checkReferences = flagOf('checkReferences', values.get('checkReferences'));
  const selection = parseSelection(values.get('fields')?.join(','));
  if (!selection.ok) return refuseQuery(selection.error);
  return selection.value === undefined ? { checkReferences } : { fields: selection.value, checkReferences };
};

/** {@link parseItemQuery} of a request. */
export const itemQueryOf = (request: FastifyRequest): ItemQuery => parseItemQuery(rawQuery(request));
