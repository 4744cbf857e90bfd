import autocannon from 'autocannon';
import { quantile } from './stats.mjs';

const WARM_MS = 500;

/** Each connection starts elsewhere in the list, so that not all ask for one document at a time. */
const rotated = (requests, by) => [...requests.slice(by), ...requests.slice(0, by)];

/**
 * As many requests as the server answers on `connections` connections, each sending when it has its answer.
 * Gives requests per second, p50 and p99 in ms, and how many answers had not one of the expected statuses.
 */
export const measureMaximum = ({ url, headers, requests, status, connections, seconds }) =>
  new Promise((done, fail) => {
    const times = [];
    const statuses = {};
    let client = 0;
    let from;
    const entries = requests.map((request) => ({ ...request, headers: headersOf(headers, request) }));
    const instance = autocannon(
      {
        url,
        connections,
        duration: seconds + WARM_MS / 1000,
        sampleInt: 100,
        timeout: 30,
        requests: entries,
        setupClient: (connection) => {
          connection.setRequests(rotated(entries, (client++ * 16) % entries.length));
        },
      },
      (error, { errors = 0, timeouts = 0 } = {}) => {
        if (error) return fail(error);
        const bad = Object.entries(statuses)
          .filter(([code]) => !status.includes(Number(code)))
          .reduce((sum, [, count]) => sum + count, errors + timeouts);
        done({
          perSecond: times.length / seconds,
          p50: quantile(times, 0.5),
          p99: quantile(times, 0.99),
          bad,
          statuses,
        });
      },
    );
    instance.on('response', (_client, code, _bytes, ms) => {
      const now = performance.now();
      from ??= now + WARM_MS;
      statuses[code] = (statuses[code] ?? 0) + 1;
      if (now >= from && now < from + seconds * 1000) times.push(ms);
    });
  });

/** The headers of a request; a body says what it is. */
export const headersOf = (headers, { body }) =>
  body === undefined ? headers : { ...headers, 'content-type': 'application/json' };
