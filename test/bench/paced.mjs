import { setTimeout as sleep } from 'node:timers/promises';
import { Pool } from 'undici';
import { headersOf } from './maximum.mjs';
import { quantile } from './stats.mjs';

const MOST_OPEN = 2_000;
const CONNECTIONS = 64;
/** Requests of this time open the connections; they are answered, but not measured. */
const WARM_MS = 500;

/**
 * Requests at an even pace, whether the earlier ones are answered or not (open loop). A time counts from the moment at
 * which the request was due, so that a server that stalls is charged for those that had to wait. `requests` are repeated,
 * or made one by one by their number; `read` gets the text of each answer.
 */
export const measurePaced = async ({ url, headers, requests, status, perSecond, seconds, read }) => {
  const pool = new Pool(url, { connections: CONNECTIONS, pipelining: 1 });
  const made = Array.isArray(requests)
    ? requests.map((request) => ({ ...request, headers: headersOf(headers, request) }))
    : undefined;
  const entryOf = (sent) => {
    if (made !== undefined) return made[sent % made.length];
    const request = requests(sent);
    return { ...request, headers: headersOf(headers, request) };
  };
  const times = [];
  const open = new Set();
  let bad = 0;
  const start = performance.now();
  const from = start + WARM_MS;
  const send = async (entry, due) => {
    try {
      const { statusCode, body } = await pool.request(entry);
      if (read === undefined) await body.dump();
      else read(await body.text());
      if (due >= from) times.push(performance.now() - due);
      if (!status.includes(statusCode)) bad += 1;
    } catch {
      bad += 1;
    }
  };
  const total = Math.floor(perSecond * (seconds + WARM_MS / 1000));
  for (let sent = 0; sent < total;) {
    const due = start + (sent * 1000) / perSecond;
    if (performance.now() < due) {
      await sleep(1);
      continue;
    }
    if (open.size >= MOST_OPEN) bad += 1;
    else {
      const work = send(entryOf(sent), due).finally(() => open.delete(work));
      open.add(work);
    }
    sent += 1;
  }
  await Promise.all(open);
  await pool.close();
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  return { perSecond, total, mean, p50: quantile(times, 0.5), p99: quantile(times, 0.99), bad };
};
