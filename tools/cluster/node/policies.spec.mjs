import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rulesOf, selects, strangeIn } from './policies.mjs';

const namespaces = ['qb', 'other'].map((name) => ({ metadata: { name, labels: { name } } }));
const pod = (name, ip, { namespace = 'qb', ...more } = {}) => ({
  metadata: { name, namespace, labels: { app: name } },
  status: { podIP: ip, phase: 'Running', ...more },
});
const pods = [
  pod('db', '10.0.0.1'),
  pod('web', '10.0.0.2'),
  pod('web', '10.0.0.3', { namespace: 'other' }),
  pod('web', '10.0.0.4', { phase: 'Succeeded' }),
  pod('web', undefined),
];
const policy = (spec) => ({
  metadata: { namespace: 'qb', name: 'p' },
  spec: { podSelector: { matchLabels: { app: 'db' } }, ...spec },
});
const chain = (name, policies) => {
  const text = rulesOf({ pods, namespaces, policies });
  const found = new RegExp(`chain ${name} {\\n([^]*?)reject with`).exec(text);
  return found?.[1].trim().split('\n').filter(Boolean);
};

for (const [what, selector, labels, expected] of [
  ['an empty one takes all', {}, undefined, true],
  ['a label', { matchLabels: { a: '1' } }, { a: '1', b: '2' }, true],
  ['another value', { matchLabels: { a: '1' } }, { a: '2' }, false],
  ['In', { matchExpressions: [{ key: 'a', operator: 'In', values: ['1', '2'] }] }, { a: '2' }, true],
  ['NotIn', { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }, { a: '1' }, false],
  ['NotIn of none', { matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['1'] }] }, {}, true],
  ['Exists', { matchExpressions: [{ key: 'a', operator: 'Exists' }] }, {}, false],
  ['DoesNotExist', { matchExpressions: [{ key: 'a', operator: 'DoesNotExist' }] }, {}, true],
]) {
  test(`a selector: ${what}`, () => assert.equal(selects(selector, labels), expected));
}

for (const [what, spec, expected] of [
  ['without rules lets nothing in', {}, []],
  ['with an empty rule lets all in', { ingress: [{}] }, ['return']],
  [
    'a pod selector means the own namespace, and only who has an address',
    { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ port: 80 }] }] },
    ['ip saddr { 10.0.0.2 } tcp dport { 80 } return'],
  ],
  [
    'a namespace selector means all pods there',
    { ingress: [{ from: [{ namespaceSelector: { matchLabels: { name: 'other' } } }] }] },
    ['ip saddr { 10.0.0.3 } return'],
  ],
  [
    'both must fit when both are there',
    { ingress: [{ from: [{ namespaceSelector: {}, podSelector: { matchLabels: { app: 'db' } } }] }] },
    ['ip saddr { 10.0.0.1 } return'],
  ],
  [
    'nobody who fits is nobody let in',
    { ingress: [{ from: [{ podSelector: { matchLabels: { app: 'x' } } }] }] },
    [],
  ],
  [
    'a block without a part of it, ranges and protocols',
    {
      ingress: [
        {
          from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }, { ipBlock: { cidr: '::/0' } }],
          ports: [{ port: 1, endPort: 9 }, { port: 53, protocol: 'UDP' }, { protocol: 'SCTP' }],
        },
      ],
    },
    [
      'ip saddr 10.0.0.0/8 ip saddr != { 10.1.0.0/16 } meta l4proto sctp return',
      'ip saddr 10.0.0.0/8 ip saddr != { 10.1.0.0/16 } tcp dport { 1-9 } return',
      'ip saddr 10.0.0.0/8 ip saddr != { 10.1.0.0/16 } udp dport { 53 } return',
    ],
  ],
]) {
  test(`a policy: ${what}`, () => assert.deepEqual(chain('in-10-0-0-1', [policy(spec)]), expected));
}

test('only pods that a policy selects are shut, and only in its direction', () => {
  assert.equal(chain('in-10-0-0-2', [policy({})]), undefined);
  assert.equal(chain('out-10-0-0-1', [policy({})]), undefined);
  assert.deepEqual(chain('out-10-0-0-1', [policy({ egress: [] })]), []);
  assert.equal(chain('in-10-0-0-1', [policy({ policyTypes: ['Egress'] })]), undefined);
  const out = policy({ egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: [{ port: 443 }] }] });
  assert.deepEqual(chain('out-10-0-0-1', [out]), ['ip daddr 0.0.0.0/0 tcp dport { 443 } return']);
});

test('several policies add up', () => {
  const one = (port) => policy({ ingress: [{ ports: [{ port }] }] });
  assert.deepEqual(chain('in-10-0-0-1', [one(1), one(2)]), [
    'tcp dport { 1 } return',
    'tcp dport { 2 } return',
  ]);
});

test('a named port lets nothing through and is told', () => {
  const named = policy({ ingress: [{ ports: [{ port: 'http' }] }] });
  assert.deepEqual(chain('in-10-0-0-1', [named]), []);
  assert.match(strangeIn(named)[0], /qb\/p names the port http/);
});
