import type { ApiOperation, BusinessVersion } from '../api/operation';
import type { ComponentClient } from '../component-client';
import { CUSTOMER_SCHEMAS, customerV1, customerV2 } from './customer-view';
import { findCustomer } from './find-customer';

/** `GET /customers/{id}`; `erp` is the connector instance whose numbers customers have. */
export const customerOperations = (
  client: ComponentClient,
  erp: string,
  version: BusinessVersion,
): readonly ApiOperation[] => [
  {
    id: 'readCustomer',
    method: 'GET',
    path: '/customers/{id}',
    named: { doc: 'Id of the customer, or his number in the ERP.', example: '10100001' },
    summary: 'Reads a customer by its id or by its number in the ERP.',
    scope: ['customer', 'read'],
    answers: { 200: ['The customer.', CUSTOMER_SCHEMAS[version]] },
    handle: async ({ id, trace, note }) => {
      const customer = await findCustomer(client, id, trace === undefined ? {} : { trace });
      const view = (version === 'v1' ? customerV1 : customerV2)(customer, erp);
      note({ customerId: String(view['cust_id']) });
      return { status: 200, body: view };
    },
  },
];
