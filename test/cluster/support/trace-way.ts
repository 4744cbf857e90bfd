import type { ReceivedSpan } from '../../e2e/support';

/** The spans that lead from the ERP's answer to an order back to the call of the client. */
export const WAY = [
  'connector-erp POST 201',
  'connector-erp action createSalesOrder',
  'product-order send tmf.TMF622.productOrder.ProductOrderCreateEvent',
  'product-order POST /tmf-api/productOrderingManagement/v5/productOrder 201',
];

const textOf = ({ service, name, attributes }: ReceivedSpan): string =>
  [service, name, attributes['http.response.status_code']].filter((one) => one !== undefined).join(' ');

/** That way in the spans of one trace, from its end; empty as long as the ERP has made nothing. */
export const wayToTheErp = (spans: readonly ReceivedSpan[]): readonly string[] => {
  const way: string[] = [];
  let span = spans.find(
    ({ name, attributes }) =>
      name === 'POST' &&
      attributes['server.address'] === 'deals-sandbox' &&
      attributes['http.response.status_code'] === 201,
  );
  while (span !== undefined) {
    way.push(textOf(span));
    const { parentSpanId } = span;
    span = spans.find(({ spanId }) => spanId === parentSpanId);
  }
  return way;
};
