import { isJsonObject, objectsIn, type Json, type JsonObject } from '@quotebridge/platform/core';
import { object, text, word, type ApiSchema } from '../api/schema';

/** Where an opportunity stands, in words of sales. */
export const STAGES = ['new', 'open', 'onHold', 'won', 'lost', 'cancelled'] as const;
type Stage = (typeof STAGES)[number];

/** Stage → status of TMF699, where accepted is won and rejected is lost. */
const STATUS: Readonly<Record<Stage, string>> = {
  new: 'acknowledged',
  open: 'inProgress',
  onHold: 'pending',
  won: 'accepted',
  lost: 'rejected',
  cancelled: 'cancelled',
};

const STATUS_WORDS = new RegExp(`\\b(?:${Object.values(STATUS).join('|')})\\b`, 'g');

/** A sentence about statuses as one about stages. */
export const inStages = (sentence: string): string =>
  sentence.replace(STATUS_WORDS, (status) => STAGES.find((stage) => STATUS[stage] === status) ?? status);

const ACCOUNT_ROLE = 'account';

/** The status that a stage is. */
export const statusOf = (stage: string): string | undefined =>
  Object.hasOwn(STATUS, stage) ? STATUS[stage as Stage] : undefined;

const given = (fields: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

const isAccount = ({ role }: JsonObject): boolean =>
  typeof role === 'string' && ['account', 'customer'].includes(role.toLowerCase());

const referenceOf = (value: Json | undefined): JsonObject | undefined =>
  isJsonObject(value) ? given({ id: value['id'], name: value['name'] }) : undefined;

/** A TMF699 opportunity as the first version tells it. */
const opportunityV1 = (opportunity: JsonObject): JsonObject => {
  const { status } = opportunity;
  const account = objectsIn(opportunity['relatedParty']).find(isAccount);
  const [quote] = objectsIn(opportunity['quote']);
  const stage = STAGES.find((one) => STATUS[one] === status);
  return given({
    id: opportunity['id'],
    name: opportunity['name'],
    stage,
    outcome: stage === 'won' || stage === 'lost' ? stage : 'open',
    account: referenceOf(account?.['partyOrPartyRole']),
    quote: referenceOf(quote),
  });
};

/** Views of an opportunity by version. */
export const OPPORTUNITY_VIEWS = {
  v1: opportunityV1,
  v2: (opportunity: JsonObject): JsonObject => ({
    ...opportunityV1(opportunity),
    ...given({
      reason: opportunity['statusChangeReason'],
      stageChangedAt: opportunity['statusChangeDate'],
      createdAt: opportunity['creationDate'],
      description: opportunity['description'],
    }),
    externalIds: objectsIn(opportunity['externalIdentifier']).map(({ owner, externalIdentifierType, id }) =>
      given({ owner, type: externalIdentifierType, id }),
    ),
  }),
} as const;

/**
 * The patch of a TMF699 opportunity that a change means. The account stands among the other parties, which stay; so do other
 * quotes behind the linked one.
 */
export const opportunityPatch = (before: JsonObject, change: JsonObject): JsonObject => {
  const { stage, account, quote, reason } = change;
  const others = objectsIn(before['relatedParty']).filter((party) => !isAccount(party));
  const party = isJsonObject(account)
    ? {
        '@type': 'RelatedPartyRefOrPartyRoleRef',
        role: ACCOUNT_ROLE,
        partyOrPartyRole: { '@type': 'PartyRef', '@referredType': 'Organization', ...account },
      }
    : undefined;
  const linked = isJsonObject(quote) ? quote : undefined;
  const kept = objectsIn(before['quote']).filter(({ id }) => id !== linked?.['id']);
  return given({
    '@type': 'SalesOpportunity',
    status: typeof stage === 'string' ? statusOf(stage) : undefined,
    statusChangeReason: reason,
    relatedParty: party && [...others, party],
    quote: linked && [{ '@type': 'QuoteRef', '@referredType': 'Quote', ...linked }, ...kept],
  });
};

const reference = (description: string): ApiSchema =>
  object(description, { id: text('Id'), name: text('Name') }, ['id']);

/** The body of a change. */
export const CHANGE = object('What is to change.', {
  stage: word('Where it stands; won and lost are final', STAGES),
  reason: text('Why', 500),
  account: reference('The customer.'),
  quote: reference('The quote that goes with it.'),
});

const V1: Readonly<Record<string, ApiSchema>> = {
  id: { type: 'string' },
  name: { type: 'string' },
  stage: { type: 'string', enum: STAGES },
  outcome: { type: 'string', enum: ['open', 'won', 'lost'] },
  account: reference('The customer.'),
  quote: reference('The quote that goes with it.'),
};

/** What is answered, by version. */
export const OPPORTUNITY = {
  v1: object('An opportunity.', V1),
  v2: object('An opportunity.', {
    ...V1,
    reason: { type: 'string', description: 'Why it stands where it stands' },
    stageChangedAt: { type: 'string', format: 'date-time' },
    createdAt: { type: 'string', format: 'date-time' },
    description: { type: 'string' },
    externalIds: {
      type: 'array',
      items: object('Its id elsewhere.', {
        owner: { type: 'string' },
        type: { type: 'string' },
        id: { type: 'string' },
      }),
    },
  }),
} as const;
