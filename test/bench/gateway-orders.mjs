// Orders at an even pace into the business API, and whether each is everywhere once afterwards.
import { setTimeout as sleep } from 'node:timers/promises';
import { line, ms } from './gateway-report.mjs';
import { measurePaced } from './paced.mjs';

/** Between two counts of what the ERP has: each reads the whole collection, which takes time from those who work. */
const COUNT_MS = 10_000;

const order = (customer, number) => ({
  method: 'POST',
  path: '/api/v1/orders',
  body: JSON.stringify({
    customer_id: customer,
    order_number: number,
    customer_email: 'buying@presses.example',
    payment_status: 'open',
    payment_method: 'invoice',
    amount: '25.00',
    items: [{ part: 'SP-1001', quantity: 2, unit_price: '12.50' }],
  }),
});

const countBy = (values) =>
  values.reduce((sum, value) => sum.set(value, (sum.get(value) ?? 0) + 1), new Map());

/** Sends the orders, waits until the ERP has them, and tells whether each is everywhere once. */
export const measureOrders = async (bench, gateway, erp, customer, options) => {
  const { collection } = bench;
  const perSecond = options['per-minute'] / 60;
  const { total, ...paced } = await measurePaced({
    url: gateway.url,
    requests: (sent) => order(customer, sent + 1),
    status: [201],
    perSecond,
    seconds: options.seconds,
  });
  line(
    'POST /api/v1/orders',
    `${options['per-minute']} a minute for ${options.seconds} s, ERP at ${options.latency} ms: mean ${ms(paced.mean)}, p50 ${ms(paced.p50)}, p99 ${ms(paced.p99)}; ${total} sent, ${paced.bad} not answered with 201`,
  );
  const orders = collection('product-order', 'productOrder');
  const began = performance.now();
  const end = began + options['wait-minutes'] * 60_000;
  const handed = () => orders.countDocuments({ 'externalId.externalIdentifierType': 'salesOrder' });
  const atFirst = await handed();
  let inErp = atFirst;
  while (inErp < total && performance.now() < end) {
    await sleep(COUNT_MS);
    inErp = await handed();
  }
  const waited = (performance.now() - began) / 1_000;
  const rate = waited > 1 ? ` (${Math.round((inErp - atFirst) / waited)} a second)` : '';
  line(
    'handed to the ERP',
    `${atFirst} when the last was answered, ${inErp} after ${waited.toFixed(0)} s more${rate}`,
  );
  const numbers = countBy(
    (await orders.find({}, { projection: { 'businessOrder.number': 1 } }).toArray()).map(
      (one) => one.businessOrder.number,
    ),
  );
  const sales = await (await fetch(`${erp.url}/__sandbox/tables/A_SalesOrder`)).json();
  const ours = new Set((await orders.find({}, { projection: { _id: 1 } }).toArray()).map(({ _id }) => _id));
  const sold = countBy(sales.map((one) => one.ExternalDocumentID).filter((id) => ours.has(id)));
  const logged = await collection('gateway', 'transactions').countDocuments({
    operation: 'createOrder',
    outcome: 'succeeded',
  });
  const doubled = (counts) => [...counts.values()].filter((count) => count > 1).length;
  line('product orders', `${numbers.size} of ${total}, ${doubled(numbers)} doubled`);
  line('sales orders', `${sold.size} of ${total}, ${doubled(sold)} doubled`);
  line('transaction log', `${logged} of ${total}`);
  const isWhole =
    [numbers.size, sold.size, logged].every((count) => count === total) &&
    doubled(numbers) + doubled(sold) === 0;
  line('lost or doubled', isWhole && paced.bad === 0 ? 'none' : 'SOME: see above');
  return isWhole && paced.bad === 0;
};
