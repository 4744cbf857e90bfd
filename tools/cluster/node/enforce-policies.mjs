// Makes NetworkPolicies hold on a node whose network plug-in does not:  node enforce-policies.mjs KUBECONFIG
// Follows pods, namespaces and policies, and gives nftables the rules anew whenever they differ from those of before.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { rulesOf, strangeIn } from './policies.mjs';

const AGAIN_AFTER = 200;
const WATCH_SECONDS = 240;
const PATHS = {
  pods: '/api/v1/pods',
  namespaces: '/api/v1/namespaces',
  policies: '/apis/networking.k8s.io/v1/networkpolicies',
};

const config = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { server, 'certificate-authority': caFile } = config.clusters[0].cluster;
const { token } = config.users[0].user;

const get = (path, timeout) =>
  new Promise((done, fail) => {
    const options = { ca: readFileSync(caFile), headers: { authorization: `Bearer ${token}` }, timeout };
    const call = request(`${server}${path}`, options, (answer) => {
      if (answer.statusCode === 200) return done(answer);
      answer.resume();
      fail(new Error(`${path}: ${answer.statusCode}`));
    });
    call.on('timeout', () => call.destroy(new Error(`${path}: no answer`)));
    call.on('error', fail);
    call.end();
  });

const list = async (path) => {
  let text = '';
  for await (const part of (await get(path, 10_000)).setEncoding('utf8')) text += part;
  return JSON.parse(text);
};

const known = {};
let wanted = '';
let told = '';
let working = false;

const apply = (rules) =>
  new Promise((done, fail) => {
    const nft = spawn('nft', ['-f', '-'], { stdio: ['pipe', 'inherit', 'inherit'] });
    nft.on('error', fail);
    nft.on('close', (code) => (code === 0 ? done() : fail(new Error(`nft ended with ${code}`))));
    nft.stdin.on('error', () => undefined);
    nft.stdin.end(rules);
  });

const work = async () => {
  if (working) return;
  working = true;
  let given;
  while (given !== wanted) {
    given = wanted;
    await apply(given).catch((error) => console.error(error.message));
  }
  working = false;
};

const changed = () => {
  if (Object.keys(PATHS).some((kind) => known[kind] === undefined)) return;
  const state = Object.fromEntries(Object.entries(known).map(([kind, all]) => [kind, [...all.values()]]));
  const strange = state.policies.flatMap(strangeIn).join('\n');
  if (strange !== told) console.error(strange);
  told = strange;
  const rules = rulesOf(state);
  if (rules === wanted) return;
  wanted = rules;
  void work();
};

const follow = async (kind) => {
  const { items, metadata } = await list(PATHS[kind]);
  known[kind] = new Map(items.map((item) => [item.metadata.uid, item]));
  changed();
  const query = `watch=1&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${metadata.resourceVersion}`;
  const answer = await get(`${PATHS[kind]}?${query}`, (WATCH_SECONDS + 30) * 1_000);
  let text = '';
  for await (const part of answer.setEncoding('utf8')) {
    const lines = `${text}${part}`.split('\n');
    text = lines.pop();
    for (const { type, object } of lines.map((line) => JSON.parse(line))) {
      if (type === 'ERROR') return;
      if (type === 'DELETED') known[kind].delete(object.metadata.uid);
      else known[kind].set(object.metadata.uid, object);
    }
    changed();
  }
};

for (const kind of Object.keys(PATHS)) {
  void (async () => {
    for (;;) {
      await follow(kind).catch((error) => console.error(error.message));
      await sleep(AGAIN_AFTER);
    }
  })();
}
