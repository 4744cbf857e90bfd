// Look-ups at an even pace, and where their answers came from.
import { line, ms } from './gateway-report.mjs';
import { measurePaced } from './paced.mjs';

const shown = (tally) => JSON.stringify(Object.fromEntries(Object.entries(tally).sort()));

const DAY_MS = 86_400_000;

/**
 * The kinds of look-ups and the address of the n-th of each, no two the same as long as there are parts for the machines: of a
 * price another quantity, of a structure another second, of compatibility another part or machine.
 */
export const questionsAbout = async (erp, customer) => {
  const table = async (name) => (await fetch(`${erp.url}/__sandbox/tables/${name}`)).json();
  const serials = [...new Set((await table('Equipment')).map((one) => one.SerialNumber))];
  const parts = (await table('A_Product')).map((one) => one.Product).filter((one) => /^QP-/.test(one));
  const began = Date.now() - DAY_MS;
  const serialOf = (sent) => serials[sent % serials.length];
  return [
    {
      name: 'prices',
      path: (sent) => `/api/v2/pricing/customer?customer=${customer}&part=SP-1001&quantity=${sent}`,
    },
    {
      name: 'structures',
      path: (sent) =>
        `/api/v2/bom/${serialOf(sent)}?levels=5&effective=${new Date(began + sent * 1_000).toISOString()}`,
    },
    {
      name: 'compatibility',
      path: (sent) =>
        `/api/v2/compatibility?part=${parts[Math.floor(sent / serials.length) % parts.length]}&serial=${serialOf(sent)}`,
    },
  ];
};

const WARM_UP_SECONDS = 5;

/**
 * Look-ups of which no two ask the same, so that none is answered from the cache. Before them come some that do not count: a gateway
 * that has just started has its code to compile yet.
 */
export const measureLookUps = async (
  gateway,
  name,
  path,
  { 'lookup-seconds': seconds, 'lookups-per-second': perSecond },
) => {
  const tally = {};
  const firstCounted = WARM_UP_SECONDS * perSecond * 2;
  await measurePaced({
    url: gateway.url,
    requests: (sent) => ({ method: 'GET', path: path(sent + 1) }),
    status: [200, 503],
    perSecond,
    seconds: WARM_UP_SECONDS,
  });
  const { total, mean, p50, p99, bad } = await measurePaced({
    url: gateway.url,
    requests: (sent) => ({ method: 'GET', path: path(firstCounted + sent) }),
    status: [200],
    perSecond,
    seconds,
    read: (text) => {
      const { source, fallbackReason, code } = JSON.parse(text);
      const from = [source ?? code, fallbackReason].filter(Boolean).join(': ');
      tally[from] = (tally[from] ?? 0) + 1;
    },
  });
  line(
    name,
    `${perSecond} a second for ${seconds} s: mean ${ms(mean)}, p50 ${ms(p50)}, p99 ${ms(p99)}; ${total} sent, ${bad} bad, ${shown(tally)}`,
  );
};
