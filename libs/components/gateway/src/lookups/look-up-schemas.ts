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
  supersession: { type: 'object', description: 'What stands for the part on that day, by which steps' },
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
      rule: { type: 'string' },
      amount: { type: 'number', description: 'What it adds; negative for a discount' },
      result: { type: 'number', description: 'The amount reached with it' },
    }),
  },
  validUntil: { type: 'string', format: 'date-time', description: 'Until when nothing is known to change' },
});

/** What a machine is built of. */
export const BOM = versions('What a machine is built of.', {
  serial: { type: 'string' },
  levels: { type: 'integer' },
  effective: { type: 'string', format: 'date-time' },
  isCut: { type: 'boolean', description: 'True when there is more than was asked for or may be told' },
  lines: {
    type: 'array',
    items: { type: 'object', description: 'A line with its level, quantity and product' },
  },
});
