// Measures one case: rounds in which ours and the bare server take turns, at each size.
import { setTimeout as sleep } from 'node:timers/promises';
import { untilPublished } from './data.mjs';
import { cpuOf, memoryOf } from './processes.mjs';
import { medianOf } from './stats.mjs';

const SETTLE_MS = 300;
/** Warming up goes on in slices of so many seconds until so many of them bring no more than the gain, or the most were run. */
const WARM = { seconds: 2, idle: 3, gain: 1.05, most: 15 };

const ask = async (url, headers, { method, path, body }) => {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  let json;
  try {
    json = JSON.parse(text);
  } catch {
    json = text;
  }
  return { status: answer.status, total: answer.headers.get('x-total-count'), body: json, text };
};

/** Fails unless both servers do the same work for the case. */
const checkAgreement = async (test, site, requests, bareRequests) => {
  const ours = await ask(site.ours.url, site.headers, requests[0]);
  const bare = await ask(site.bare.url, {}, bareRequests[0]);
  if (test.status.includes(ours.status) && bare.status < 300 && test.agree(ours, bare)) return;
  throw new Error(
    `${test.title}: ours and the bare server do not do the same work: ${ours.status} ${ours.text.slice(0, 600)} ` +
      `against ${bare.status} ${bare.text.slice(0, 300)}`,
  );
};

const usage = ({ pid }, site) => ({ node: cpuOf(pid), mongod: cpuOf(site.mongod) });

const perRequest = (before, after, answered) => {
  const cost = (name) =>
    before[name] === undefined || answered === 0 ? undefined : (after[name] - before[name]) / answered;
  return { node: cost('node'), mongod: cost('mongod') };
};

const maximum = async (load, program, site, job) => {
  const before = usage(program, site);
  const result = await load.run('maximum', job);
  const answered = Object.values(result.statuses).reduce((sum, count) => sum + count, 0);
  return { ...result, cpu: perRequest(before, usage(program, site), answered) };
};

/** Runs `work` on an event stream and adds how long its events took to be there. */
const withLag = async (test, site, phase, work) => {
  if (!test.writes) return work();
  await untilPublished(site.collectionOf(phase));
  const from = await site.stream.last();
  const result = await work();
  await untilPublished(site.collectionOf(phase));
  return { ...result, lag: await site.stream.lagSince(from) };
};

const refuseBad = (what, { bad, statuses }) => {
  if (bad > 0) throw new Error(`${what}: ${bad} requests failed (${JSON.stringify(statuses ?? {})})`);
};

/** Sends until a server gets no faster: one that has just started runs code that is not compiled yet. */
const warmUp = async (load, job, { connections, seconds, warm = WARM.most }) => {
  let best = 0;
  for (let slice = 0, idle = 0; slice < warm && idle < WARM.idle; slice += 1) {
    const { perSecond } = await load.run('maximum', {
      ...job,
      connections,
      seconds: Math.min(WARM.seconds, seconds),
    });
    idle = perSecond > best * WARM.gain ? 0 : idle + 1;
    best = Math.max(best, perSecond);
  }
};

/** Only `wanted` of all programs runs; the others wait, so that they take no time from it. */
const onlyRun = async (sites, wanted) => {
  for (const { ours, bare, catalog } of sites)
    for (const program of [ours, bare, catalog]) if (!wanted.includes(program)) program.hold();
  for (const program of wanted) program.release();
  await sleep(SETTLE_MS);
};

const halfOf = (entries) => medianOf(entries, (it) => it.perSecond) / 2;

/** The measurements of one case: `{ [size]: { ours: [...], half: [...], bare: [...], bareHalf: [...] } }`, an entry per round. */
export const measureCase = async (test, phase, sites, load, { rounds, seconds, connections, warm, say }) => {
  const results = Object.fromEntries(
    sites.map(({ size }) => [size, { ours: [], bare: [], half: [], bareHalf: [] }]),
  );
  const jobOf = (program, site) =>
    program === site.ours
      ? { url: program.url, headers: site.headers, requests: test.requests(site.seed), status: test.status }
      : { url: program.url, headers: {}, requests: test.bare(site.seed), status: [200, 201] };
  const common = { connections, seconds };

  for (const site of sites) {
    await onlyRun(sites, [site.ours, site.bare, site.catalog]);
    await checkAgreement(test, site, test.requests(site.seed), test.bare(site.seed));
    for (const program of [site.ours, site.bare])
      await warmUp(load, jobOf(program, site), { connections, seconds, warm });
    if (test.writes) await untilPublished(site.collectionOf(phase));
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const site of sites) {
      const { ours, bare, half, bareHalf } = results[site.size];
      await onlyRun(sites, [site.ours, site.catalog]);
      const job = jobOf(site.ours, site);
      ours.push(
        await withLag(test, site, phase, () => maximum(load, site.ours, site, { ...job, ...common })),
      );
      half.push(
        await withLag(test, site, phase, () =>
          load.run('paced', { ...job, perSecond: halfOf(ours), seconds }),
        ),
      );
      await onlyRun(sites, [site.bare]);
      const bareJob = jobOf(site.bare, site);
      bare.push(await maximum(load, site.bare, site, { ...bareJob, ...common }));
      bareHalf.push(await load.run('paced', { ...bareJob, perSecond: halfOf(bare), seconds }));
      for (const [name, list] of Object.entries({ ours, half, bare, bareHalf }))
        refuseBad(`${test.title}, ${site.size} documents, ${name}`, list.at(-1));
      say(
        `  round ${round + 1}, ${site.size} documents: ${ours.at(-1).perSecond.toFixed(0)} req/s, bare ${bare.at(-1).perSecond.toFixed(0)}`,
      );
    }
  }
  for (const site of sites) results[site.size].memory = memoryOf(site.ours.pid);
  for (const site of sites) for (const it of [site.ours, site.bare, site.catalog]) it.release();
  return results;
};
