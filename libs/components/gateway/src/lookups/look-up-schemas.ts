import { object, type ApiSchema } from '../api/schema';

type Properties = Readonly<Record<string, ApiSchema>>;

const AGE: Properties = {
  source: { type: 'string', enum: ['erp', 'masterData'], description: 'Who said it' },
  asOf: { type: 'string', format: 'date-time', description: 'When it was so' },
  stale: { type: 'boolean', description: 'True when the ERP did not answer and this is from master data' },
};

const ADDED: Properties = {
  fallbackReason: { type: 'string', description: 'Why the answer is not from the ERP' },
};

const versions = (description: string, properties: Properties) => ({
  v1: object(description, { ...properties, ...AGE }),
  v2: object(description, { ...properties, ...AGE, ...ADDED }),
});

const PART = object('A part or a model.', {
  id: { type: 'string' },
  productNumber: { type: 'string' },
  name: { type: 'string' },
  lifecycleStatus: { type: 'string' },
});

const CHANGE: ApiSchema = {
  type: 'string',
  enum: ['full', 'forward', 'conditional'],
  description:
    'Whether the new part may be used instead of the old one: both ways, this way only, or after a change',
};
const ids = (description: string): ApiSchema => ({ type: 'array', items: { type: 'string' }, description });

const SUPERSESSION = object('What stands for the part on that day, by which steps.', {
  isSuperseded: { type: 'boolean' },
  alternatives: {
    type: 'array',
    description: 'Each is enough by itself; the parts of one belong together',
    items: {
      type: 'array',
      items: object('A part in force.', {
        id: { type: 'string' },
        part: PART,
        quantity: { type: 'number', description: 'How many stand for one' },
        interchangeability: CHANGE,
        chain: ids('The parts from the one that was asked for to this one'),
      }),
    },
  },
  steps: {
    type: 'array',
    items: object('A step from an old part to a new one.', {
      from: { type: 'string' },
      to: { type: 'string' },
      since: { type: 'string', format: 'date-time' },
      interchangeability: CHANGE,
      quantity: { type: 'number' },
    }),
  },
  parts: { type: 'array', items: PART, description: 'Every part that is named here' },
  hasCycle: { type: 'boolean', description: 'True when a part supersedes itself by way of others' },
  isCut: { type: 'boolean', description: 'True when there is more than may be told' },
});

/** Whether a part fits. */
export const COMPATIBILITY = versions('Whether a part fits a machine.', {
  part: PART,
  model: PART,
  serial: { type: 'string' },
  effective: { type: 'string', format: 'date-time' },
  fits: { type: 'boolean' },
  isAvailable: { type: 'boolean', description: 'False when it fits but is not sold any more' },
  reasons: {
    type: 'array',
    items: object('A reason.', { code: { type: 'string' }, message: { type: 'string' } }),
  },
  supersession: SUPERSESSION,
  availability: { type: 'object', description: 'What the ERP has of it; absent when it did not answer' },
});

const AMOUNT: ApiSchema = { type: 'number', description: 'For the whole quantity' };

/** What a customer pays. */
export const PRICE = versions('What a customer pays.', {
  part: { type: 'string' },
  customer: { type: 'string' },
  quantity: { type: 'number' },
  currency: { type: 'string' },
  units: { type: 'string' },
  list: AMOUNT,
  net: AMOUNT,
  discounts: {
    type: 'array',
    items: object('A discount.', {
      name: { type: 'string' },
      percentage: { type: 'number' },
      amount: AMOUNT,
    }),
  },
  steps: {
    type: 'array',
    items: object('A step from the list price to the net one.', {
      name: { type: 'string' },
      rule: { type: 'string', enum: ['price', 'discount', 'surcharge'] },
      level: { type: 'string', description: 'For whom it is, where master data tell' },
      priceId: { type: 'string', description: 'The price of the catalog that it comes from' },
      percentage: { type: 'number' },
      amount: { type: 'number', description: 'What it adds; negative for a discount' },
      result: { type: 'number', description: 'The amount reached with it' },
    }),
  },
  validUntil: { type: 'string', format: 'date-time', description: 'Until when nothing is known to change' },
});

/** What a machine is built of. */
export const BOM = versions('What a machine is built of.', {
  serial: { type: 'string' },
  id: { type: 'string', description: 'Id of the machine (TMF637), where master data tell' },
  product: { type: 'object', description: 'The machine, where master data tell' },
  levels: { type: 'integer' },
  effective: { type: 'string', format: 'date-time' },
  isCut: { type: 'boolean', description: 'True when there is more than was asked for or may be told' },
  lines: {
    type: 'array',
    description: 'Each part below what it is built into, by position',
    items: object('A line.', {
      level: { type: 'integer' },
      id: { type: 'string' },
      parent: { type: 'string', description: 'What it is built into' },
      position: { type: 'string' },
      quantity: { type: 'number', description: 'How many go into one of what is above' },
      totalQuantity: { type: 'number', description: 'How many go into the machine' },
      units: { type: 'string' },
      validFor: { type: 'object', description: 'Since and until when' },
      product: { type: 'object', description: 'Name, serial number, specification' },
      isMissing: { type: 'boolean', description: 'True when the inventory does not have it' },
      isCycle: { type: 'boolean', description: 'True when it stands above itself' },
    }),
  },
});
