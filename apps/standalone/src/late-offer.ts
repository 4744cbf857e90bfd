import { callObject, until } from './http';
import { pricedQuote, quoteOf } from './priced-quote';
import type { Salesperson } from './salesperson';
import type { Suite } from './suite';
import { went } from './went';

/** Long enough to approve the quote on a busy machine, and over when the deal is. */
const VALID_MS = 10_000;
const LINES = [{ code: 'SP-2001', quantity: 1 }];

/**
 * Makes an offer that nobody accepts in time. What it gives tells, later, what became of it: the end of its validity
 * rejects the quote, and the opportunity is lost.
 */
export const offerForMoments = async (
  { salesforceConnector }: Suite,
  quotes: string,
  salesperson: Salesperson,
): Promise<(tell: (line: string) => void) => Promise<void>> => {
  const opportunity = await salesperson.createOpportunity(
    `Seals that nobody takes ${new Date().toISOString().slice(0, 19)}`,
    LINES,
  );
  went(await salesforceConnector.runStream('opportunities'));
  const url = quoteOf(quotes, opportunity);
  await pricedQuote(url, LINES.length);
  const patch = (body: object) => callObject(url, { method: 'PATCH', body: { '@type': 'Quote', ...body } });
  await patch({ validFor: { endDateTime: new Date(Date.now() + VALID_MS).toISOString() } });
  await patch({ state: 'approved' });
  return async (tell) => {
    const lost = await until('The loss of the opportunity whose quote expired', async () => {
      const found = await salesperson.readOpportunity(opportunity);
      return found['StageName'] === 'Closed Lost' ? found : undefined;
    });
    const quote = await callObject(url);
    tell(
      `An offer that nobody took in time: its quote is ${String(quote['state'])} (${String(quote['stateReason'])}), its opportunity ${String(lost['StageName'])}`,
    );
  };
};
