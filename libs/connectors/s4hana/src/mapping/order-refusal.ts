import type { ActionResult } from '@quotebridge/connectors/sdk';
import type { JsonObject } from '@quotebridge/platform/core';

/** Longest text of a message on the order. */
const LONGEST = 500;

/** What the ERP refused, by the code of the message on the order. */
const REASONS = {
  erpRefused: 'The ERP refused the order',
  erpNotChanged: 'The ERP did not change the order',
  erpNotCancelled: 'The ERP did not cancel the order',
} as const;

/** Tells the product order that the ERP refused, with its words; `more` are further attributes of the order. */
export const orderRefusal = (
  orderId: string,
  code: keyof typeof REASONS,
  message: string,
  timestamp: string,
  more: JsonObject = {},
): readonly ActionResult[] => [
  {
    resource: 'productOrder',
    record: {
      externalId: orderId,
      op: 'patch',
      id: orderId,
      resource: {
        '@type': 'ProductOrder',
        ...more,
        productOrderErrorMessage: [
          {
            '@type': 'ProductOrderErrorMessage',
            code,
            reason: REASONS[code],
            message: message.slice(0, LONGEST),
            timestamp,
          },
        ],
      },
    },
  },
];
