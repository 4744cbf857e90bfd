import type { RunRecord } from '@quotebridge/connectors/sdk';
import { isJsonObject, type Json, type JsonObject } from '@quotebridge/platform/core';
import type { Clerk } from './clerk';
import { callObject, until } from './http';
import type { Suite } from './suite';

type Tell = (line: string) => void;

/** So long the ERP is asked again when it was too late. */
const LIVE_WITHIN_MS = 15_000;

const counted = ({ counts }: RunRecord): string =>
  `${counts.read} read, ${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged, ${counts.rejected} rejected`;

/** Streams of master data, in the order in which one refers to another. */
const MASTER_DATA = [
  ...['organizations', 'individuals', 'customers', 'suppliers'],
  ...['productSpecifications', 'productOfferingPrices', 'productOfferings'],
  ...['spareParts', 'components', 'machines'],
];

const read = async ({ s4Connector }: Suite, stream: string): Promise<RunRecord> => {
  const run = await s4Connector.runStream(stream);
  if (run.error !== undefined) throw new Error(`Reading ${stream} from S/4HANA failed: ${run.error}`);
  return run;
};

/** Master data from the ERP: all of them first, one line for each stream, then what a clerk has changed there. */
export const loadFromErp = async (suite: Suite, clerk: Clerk, tell: Tell): Promise<void> => {
  for (const stream of MASTER_DATA) tell(`S/4HANA ${stream}: ${counted(await read(suite, stream))}`);
  const { part, price } = await clerk.raisePrice();
  const serial = await clerk.renameMachine();
  const found: string[] = [];
  for (const stream of MASTER_DATA) {
    const { counts } = await read(suite, stream);
    if (counts.updated > 0) found.push(`${counts.updated} of ${counts.read} in ${stream}`);
  }
  tell(
    `S/4HANA delta after a new price (${part}: ${price}) and a new name of ${serial}: updated ${found.join(', ')}`,
  );
};

const lengthOf = (value: Json | undefined): number => (Array.isArray(value) ? value.length : 0);

/** What the business API is asked while somebody quotes, answered live from the ERP. */
export const lookUp = async (gateway: string, clerk: Clerk, tell: Tell): Promise<void> => {
  const { serial, customer, part } = await clerk.machine();
  // Nobody is kept waiting: on a busy machine the ERP's answer may come too late for who asked first, and is there for the next.
  const ask = async (path: string): Promise<JsonObject> => {
    let last: JsonObject | undefined;
    const live = async (): Promise<JsonObject | undefined> => {
      last = await callObject(`${gateway}/api/v2/${path}`).catch(() => last);
      return last?.['source'] === 'erp' ? last : undefined;
    };
    const answer = await until(`A live answer to ${path}`, live, LIVE_WITHIN_MS).catch(() => last);
    if (answer === undefined) throw new Error(`The business API knows nothing of ${path}`);
    return answer;
  };
  const from = ({ source }: JsonObject): string => (source === 'erp' ? 'live' : 'from master data');
  const price = await ask(`pricing/customer?customer=${customer}&part=${part}&quantity=10`);
  tell(
    `Price of 10 ${part} for customer ${customer}, ${from(price)}: ${String(price['net'])} ${String(price['currency'])}`,
  );
  const fit = await ask(`compatibility?part=${part}&serial=${serial}`);
  const stock = isJsonObject(fit['availability']) ? fit['availability'] : {};
  tell(
    `${part} ${fit['fits'] === true ? 'fits' : 'does not fit'} ${serial}; ${String(stock['available'] ?? 'unknown')} ${String(stock['units'] ?? '')} to be had, ${from(fit)}`,
  );
  const bom = await ask(`bom/${serial}?levels=5`);
  tell(`Structure of ${serial}, ${from(bom)}: ${lengthOf(bom['lines'])} lines on 5 levels`);
};
