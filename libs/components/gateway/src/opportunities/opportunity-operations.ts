import { isJsonObject, Refusal, type JsonObject } from '@quotebridge/platform/core';
import type { Context } from '@quotebridge/platform/telemetry';
import type { ApiOperation, BusinessVersion } from '../api/operation';
import { page } from '../api/schema';
import {
  exactly,
  objectOf,
  refusalOf,
  type ComponentAnswer,
  type ComponentClient,
} from '../component-client';
import {
  CHANGE,
  inStages,
  OPPORTUNITY,
  OPPORTUNITY_VIEWS,
  opportunityPatch,
  STAGES,
  statusOf,
} from './opportunity-view';

const PATH = '/tmf-api/salesManagement/v5/salesOpportunity';
const DEFAULT_LIMIT = 100;
/** As far as lists of the components go. */
const MAX_OFFSET = 10_000;
const MAX_TRIES = 4;

const traced = (trace: Context | undefined) => (trace === undefined ? {} : { trace });

const queryOf = (
  query: Readonly<Record<string, string | undefined>>,
  offset: number,
  limit: number,
): string => {
  const { stage, account, quote, name } = query;
  const filters: Readonly<Record<string, string | undefined>> = {
    status: stage === undefined ? undefined : statusOf(stage),
    'relatedParty.partyOrPartyRole.id': account === undefined ? undefined : exactly(account),
    'quote.id': quote === undefined ? undefined : exactly(quote),
    name: name === undefined ? undefined : exactly(name),
    offset: String(offset),
    limit: String(limit),
  };
  const given = Object.entries(filters).flatMap(([path, value]) =>
    value === undefined ? [] : [[path, value]],
  );
  return new URLSearchParams(given as [string, string][]).toString();
};

const PLACES: Readonly<Record<string, string>> = {
  '/status': '/stage',
  '/relatedParty': '/account',
  '/statusChangeReason': '/reason',
};

/** A refusal in the words of this API; of a step that there is not it tells which there are. */
const refusalInStages = (answer: ComponentAnswer): Refusal => {
  const { status, code, message, faults } = refusalOf(answer, (path) => PLACES[path] ?? path);
  if (code !== 'illegalTransition') return new Refusal(status, code, message, { faults });
  const whole = isJsonObject(answer.body) ? String(answer.body['message']) : message;
  return new Refusal(status, code, inStages(whole), {
    faults: faults.map((fault) => ({ ...fault, message: inStages(fault.message) })),
  });
};

/** `GET /opportunities` and `PATCH /opportunities/{id}`, over TMF699. */
export const opportunityOperations = (
  sales: ComponentClient,
  version: BusinessVersion,
): readonly ApiOperation[] => {
  const view = OPPORTUNITY_VIEWS[version];
  const item = (id: string): string => `${PATH}/${encodeURIComponent(id)}`;
  const read = async (id: string, trace?: Context): Promise<ComponentAnswer & { body: JsonObject }> => {
    const answer = await sales.call({
      method: 'GET',
      path: item(id),
      route: `${PATH}/{id}`,
      ...traced(trace),
    });
    return { ...answer, body: objectOf(answer) };
  };
  const change = async (id: string, wanted: JsonObject, trace?: Context): Promise<JsonObject> => {
    for (let tries = 1; ; tries += 1) {
      const { body: before, etag } = await read(id, trace);
      const answer = await sales.call({
        method: 'PATCH',
        path: item(id),
        route: `${PATH}/{id}`,
        body: opportunityPatch(before, wanted),
        ...(etag === undefined ? {} : { headers: { 'if-match': etag } }),
        ...traced(trace),
      });
      if (answer.status === 200) return objectOf(answer);
      // Somebody else changed it meanwhile: his parties and quotes are kept, too.
      if (answer.status !== 412 || tries === MAX_TRIES) throw refusalInStages(answer);
    }
  };
  return [
    {
      id: 'listOpportunities',
      method: 'GET',
      path: '/opportunities',
      summary: 'Lists opportunities.',
      scope: ['salesOpportunity', 'read'],
      query: {
        stage: { kind: 'text', doc: 'Those that stand there.', values: STAGES, example: 'open' },
        account: { kind: 'text', doc: 'Those of the customer with this id.' },
        quote: { kind: 'text', doc: 'Those that the quote with this id goes with.' },
        name: { kind: 'text', doc: 'Those of this name.' },
        offset: { kind: 'integer', doc: 'How many to leave out.', minimum: 0, maximum: MAX_OFFSET },
        limit: { kind: 'integer', doc: 'Most items of a page.', minimum: 1, maximum: 1_000 },
      },
      answers: { 200: ['A page of opportunities.', page(OPPORTUNITY[version])] },
      handle: async ({ query, trace }) => {
        const offset = Number(query['offset'] ?? 0);
        const limit = Number(query['limit'] ?? DEFAULT_LIMIT);
        const path = `${PATH}?${queryOf(query, offset, limit)}`;
        const answer = await sales.call({ method: 'GET', path, route: PATH, ...traced(trace) });
        if (answer.status >= 300 || !Array.isArray(answer.body)) throw refusalOf(answer);
        const items = answer.body.filter(isJsonObject).map(view);
        const { total } = answer;
        return { status: 200, body: { items, ...(total === undefined ? {} : { total }) } };
      },
    },
    {
      id: 'changeOpportunity',
      method: 'PATCH',
      path: '/opportunities/{id}',
      named: { doc: 'Id of the opportunity.', example: '1d409a4f-6f0b-4b0e-9a2f-2f8f3a1c0d11' },
      summary: 'Changes stage, account or linked quote of an opportunity; won and lost are final.',
      scope: ['salesOpportunity', 'write'],
      body: CHANGE,
      examples: { goesOn: { stage: 'open', reason: 'The customer wants an offer' } },
      answers: { 200: ['The changed opportunity.', OPPORTUNITY[version]] },
      handle: async ({ id, body, trace }) => {
        const { stage, reason, account, quote } = body;
        if ([stage, reason, account, quote].every((value) => value === undefined))
          throw new Refusal(400, 'nothingToChange', 'Say what is to change: stage, reason, account or quote');
        return { status: 200, body: view(await change(id, body, trace)) };
      },
    },
  ];
};
