import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';
import { objectsIn, textAt, type Rejection } from '@quotebridge/connectors/sdk';
import { readDate } from '../odata-values';
import { customerId } from './ids';
import { missing } from './missing';

/** The last day of a contract counts whole. */
const endOf = (day: string): string => `${day.slice(0, 10)}T23:59:59.999Z`;

const agreementRef = (contract: JsonObject): readonly JsonObject[] => {
  const number = textAt(contract, 'SalesContract');
  if (number === undefined) return [];
  const [first, last] = [
    readDate(contract['SalesContractValidityStartDate']),
    readDate(contract['SalesContractValidityEndDate']),
  ];
  const validFor = {
    ...(first === undefined ? {} : { startDateTime: first }),
    ...(last === undefined ? {} : { endDateTime: endOf(last) }),
  };
  return [
    {
      '@type': 'AgreementRef',
      '@referredType': 'Agreement',
      id: number,
      name: textAt(contract, 'PurchaseOrderByCustomer') ?? number,
      ...(Object.keys(validFor).length === 0 ? {} : { validFor }),
    },
  ];
};

/** `{ about, records }` → patch of a TMF629 customer (v5): the contracts that entitle it to something, each for its days. */
export const mapContracts =
  (source: string) =>
  (record: JsonObject): readonly IngestRecord[] | Rejection => {
    const customer = textAt(record, 'about');
    if (customer === undefined) return missing('/about');
    const agreement = objectsIn(record['records'])
      .flatMap(agreementRef)
      .sort((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1));
    const resource = { '@type': 'Customer', agreement };
    return [{ externalId: customer, op: 'patch', id: customerId(source, customer), resource }];
  };
