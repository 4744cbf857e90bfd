import { Refusal, type RefusalStatus } from '@quotebridge/platform/core';

/** A refusal with SAP's message class and number as its code. `target` is the property it is about. */
export const refused = (status: RefusalStatus, code: string, message: string, target?: string): Refusal =>
  new Refusal(status, code, message, target === undefined ? {} : { faults: [{ path: target, message }] });

/** The URL or the query options cannot be understood. */
export const badRequest = (message: string, target?: string): Refusal =>
  refused(400, '/IWBEP/CM_MGW_RT/021', message, target);

/** No row has this key. */
export const notFound = (set: string, key: string): Refusal =>
  refused(404, '/IWBEP/CM_MGW_RT/020', `Resource not found for segment '${set}' with key '${key}'.`);

/** The body of an OData V2 error as SAP Gateway writes it. */
export const errorBody = (
  error: { code: string; message: string; paths: readonly string[] },
  about: { service: string; transaction: string; timestamp: string },
): object => ({
  error: {
    code: error.code,
    message: { lang: 'en', value: error.message },
    innererror: {
      application: {
        component_id: '',
        service_namespace: '/SAP/',
        service_id: about.service,
        service_version: '0001',
      },
      transactionid: about.transaction,
      timestamp: about.timestamp,
      Error_Resolution: { SAP_Transaction: '', SAP_Note: 'Look into the error log of the gateway.' },
      errordetails: (error.paths.length === 0 ? [''] : error.paths).map((propertyref) => ({
        code: error.code,
        message: error.message,
        propertyref,
        severity: 'error',
        transition: false,
        target: propertyref,
      })),
    },
  },
});
