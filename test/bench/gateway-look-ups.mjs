// Look-ups at an even pace, and where their answers came from.
import { line, ms } from './gateway-report.mjs';
import { measurePaced } from './paced.mjs';

const shown = (tally) => JSON.stringify(Object.fromEntries(Object.entries(tally).sort()));

/** Look-ups of which no two ask the same, so that none is answered from the cache. */
export const measureLookUps = async (
  gateway,
  name,
  path,
  { 'lookup-seconds': seconds, 'lookups-per-second': perSecond },
) => {
  const tally = {};
  const { total, mean, p50, p99, bad } = await measurePaced({
    url: gateway.url,
    requests: (sent) => ({ method: 'GET', path: path(sent + 1) }),
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
