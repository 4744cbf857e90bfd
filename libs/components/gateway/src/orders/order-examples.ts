import type { JsonObject } from '@quotebridge/platform/core';

const CONTRACT: JsonObject = {
  customer_id: 10100001,
  order_number: '4711',
  customer_email: 'buying@presses.example',
  payment_status: 'open',
  payment_method: 'invoice',
  amount: '25.00',
  currency: 'EUR',
  order_date: '2026-11-21',
  items: [{ part: 'SP-1001', quantity: 2, unit_price: '12.50' }],
};

/** An order in the words of the CRM, by version. */
export const CONTRACT_EXAMPLES = {
  v1: CONTRACT,
  v2: {
    ...CONTRACT,
    requested_delivery_date: '2027-01-31T00:00:00Z',
    purchase_order: 'PO-17',
    note: 'Deliver to gate 3',
  },
} as const;

/** An order with its whole structure. */
export const FULL_EXAMPLE: JsonObject = {
  orderNumber: 4712,
  customer: {
    id: '10100001',
    name: 'Presses Ltd',
    email: 'buying@presses.example',
    shipTo: { name: 'Gate 3', street: 'Dock 3', city: 'Bremen', postalCode: '28195', country: 'DE' },
  },
  items: [
    {
      part: 'SP-1001',
      name: 'Axial piston pump',
      quantity: 1,
      unitPrice: 100,
      components: [{ part: 'SP-1001', quantity: 4 }],
    },
  ],
  currency: 'EUR',
  payment: { status: 'open', method: 'invoice' },
};
