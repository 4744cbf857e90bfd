import fc from 'fast-check';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { childrenOf } from './children/children';
import { CHILD_KINDS, type ChildKind } from './children/common';
import {
  ANNOTATIONS,
  FINALIZER,
  type Connector,
  type ConnectorSpec,
  type ConnectorStatus,
} from './connector';
import { conditionOf } from './conditions';
import { decide } from './decide';
import type { Facts } from './facts';
import type { OperatorSettings } from './settings';

const SETTINGS: OperatorSettings = {
  image: 'registry.example/connector:1',
  imagePullSecrets: [],
  platformSecret: 'quotebridge-platform',
  operatorNamespace: 'qb-system',
  traceRatio: '0.1',
};
const NOW = Date.parse('2026-11-21T10:00:00Z');
const SPEC: ConnectorSpec = { type: 's4hana', credentialsSecretRef: { name: 'login' } };

const connectorOf = (
  spec: Partial<ConnectorSpec> = {},
  metadata: Partial<Connector['metadata']> = {},
  status?: ConnectorStatus,
): Connector => ({
  apiVersion: 'connectors.quotebridge.io/v1alpha1',
  kind: 'Connector',
  metadata: { name: 'erp', namespace: 'qb', uid: 'u1', generation: 3, finalizers: [FINALIZER], ...metadata },
  spec: { ...SPEC, ...spec },
  ...(status === undefined ? {} : { status }),
});

const factsOf = (connector: Connector, change: Partial<Facts> = {}): Facts => ({
  connector,
  children: new Map(),
  faults: [],
  rival: undefined,
  credentials: { kind: 'usable', hash: 'abcd0123' },
  platformHash: '12345678',
  platformPorts: [27_017, 4_222],
  report: undefined,
  pods: 0,
  canvas: true,
  now: NOW,
  ...change,
});

const ready = (deployment: KubeObject): KubeObject => {
  const n = Number(deployment.spec?.['replicas']);
  return {
    ...deployment,
    metadata: { ...deployment.metadata, generation: 1 },
    status: {
      observedGeneration: 1,
      replicas: n,
      updatedReplicas: n,
      readyReplicas: n,
      availableReplicas: n,
    },
  };
};

/** What the cluster holds after a decision was carried out and pods have started. */
const carriedOut = (facts: Facts): Facts => {
  const decision = decide(facts, SETTINGS);
  const children = new Map(facts.children);
  for (const [kind, object] of decision.apply)
    children.set(kind, kind === 'deployment' ? ready(object) : object);
  for (const kind of decision.remove) children.delete(kind);
  return { ...facts, children, connector: { ...facts.connector, status: decision.status } };
};

const specs = fc.record(
  {
    state: fc.constantFrom('Running' as const, 'Paused' as const, 'Stopped' as const),
    replicas: fc.integer({ min: 1, max: 5 }),
    logLevel: fc.constantFrom('debug', 'info'),
    exposedApi: fc.constant({
      path: '/c/x',
      specification: { url: 'https://x.example' },
      componentName: 'c',
    }),
    network: fc.record({ egress: fc.array(fc.constant({ cidr: '10.0.0.0/8', ports: [443] })) }),
  },
  { requiredKeys: [] },
);

describe('decide', () => {
  it('what it has ordered it does not order again: for every spec there is rest after two rounds', () => {
    fc.assert(
      fc.property(specs, fc.subarray([...CHILD_KINDS]), (spec, lost) => {
        const whole = carriedOut(carriedOut(factsOf(connectorOf(spec))));
        const rest = decide(whole, SETTINGS);
        expect(rest.apply).toEqual([]);
        expect(rest.remove).toEqual([]);
        expect(rest.status).toEqual(whole.connector.status);
        expect(rest.notices).toEqual([]);
        // And whatever is lost is made again, that alone.
        const children = new Map(whole.children);
        const gone = lost.filter((kind) => children.delete(kind));
        const again = decide({ ...whole, children }, SETTINGS).apply.map(([kind]) => kind);
        expect(again).toEqual(CHILD_KINDS.filter((kind) => gone.includes(kind)));
      }),
    );
  });

  it('settings that are wrong leave every child as it is', () => {
    const whole = carriedOut(factsOf(connectorOf()));
    const faults = [{ path: 'spec.s4hana.baseUrl', message: 'is missing', code: 'required' }];
    const { apply, remove, scaleDown, status } = decide({ ...whole, faults }, SETTINGS);
    expect({ apply, remove, scaleDown }).toEqual({ apply: [], remove: [], scaleDown: false });
    expect(status.phase).toBe('Invalid');
    expect(status.conditions?.find(({ type }) => type === 'Ready')?.message).toBe(
      'spec.s4hana.baseUrl is missing',
    );
  });

  it('what cannot be made right can still be stopped', () => {
    const whole = carriedOut(factsOf(connectorOf()));
    const stopped = { ...whole.connector, spec: { ...whole.connector.spec, state: 'Stopped' as const } };
    const absent = { kind: 'absent' as const, secret: 'login', needed: ['password'] };
    expect(decide({ ...whole, connector: stopped, credentials: absent }, SETTINGS).scaleDown).toBe(true);
  });

  it('without credentials there is no Deployment, and a running one is not touched', () => {
    const absent = { kind: 'absent' as const, secret: 'login', needed: ['password'] };
    const kinds = (facts: Facts): ChildKind[] => decide(facts, SETTINGS).apply.map(([kind]) => kind);
    expect(kinds(factsOf(connectorOf(), { credentials: absent }))).not.toContain('deployment');
    const whole = carriedOut(factsOf(connectorOf()));
    expect(kinds({ ...whole, credentials: absent })).toEqual([]);
  });

  it('another platform Secret replaces the pods; one that is taken away leaves them', () => {
    const before = carriedOut(factsOf(connectorOf()));
    const rotated = { ...before, platformHash: '87654321' };
    expect(decide(rotated, SETTINGS).apply.map(([kind]) => kind)).toEqual(['deployment']);
    const after = carriedOut(rotated);
    expect(decide(after, SETTINGS).apply).toEqual([]);
    expect(decide({ ...after, platformHash: undefined }, SETTINGS).apply).toEqual([]);
  });

  it('other ports in the platform Secret change the network policy; one that is taken away leaves it', () => {
    const unknown = { ...factsOf(connectorOf()), platformPorts: undefined };
    const before = carriedOut(unknown);
    expect(before.children.has('networkPolicy')).toBe(true);
    expect(decide({ ...before, platformPorts: [27_017, 4_222] }, SETTINGS).apply).toEqual([]);
    const moved = { ...before, platformPorts: [27_018, 4_222] };
    expect(decide(moved, SETTINGS).apply.map(([kind]) => kind)).toEqual(['networkPolicy']);
    const gone = decide({ ...carriedOut(moved), platformPorts: undefined }, SETTINGS);
    expect([gone.apply, gone.remove]).toEqual([[], []]);
  });

  it('the time of a transition moves only when the status of the condition does', () => {
    const first = carriedOut(factsOf(connectorOf()));
    const later = decide({ ...first, now: NOW + 3_600_000 }, SETTINGS).status.conditions ?? [];
    const timeOf = (type: string): string | undefined =>
      later.find((one) => one.type === type)?.lastTransitionTime;
    expect(timeOf('ConfigurationValid')).toBe('2026-11-21T10:00:00Z');
    expect(timeOf('Ready')).toBe('2026-11-21T11:00:00Z');
  });

  it('a restarted operator, which has asked nobody yet, changes nothing', () => {
    const streams = [{ name: 's', state: 'failed', error: 'HTTP 500' }];
    const report = {
      ok: true as const,
      report: { state: 'running' as const, connected: { ok: true }, streams },
    };
    const known = carriedOut({ ...carriedOut(factsOf(connectorOf())), report });
    const { status, notices, apply } = decide({ ...known, report: undefined, now: NOW + 60_000 }, SETTINGS);
    expect({ status, notices, apply }).toEqual({ status: known.connector.status, notices: [], apply: [] });
  });

  it.each([
    ['failed', 'False RunFailed'],
    ['succeeded', 'True UpToDate'],
  ])(
    'a stream that is tried again is what its last run came to, not what this one may: %s',
    (outcome, text) => {
      const streams = [
        { name: 's', state: 'running', outcome, error: 'HTTP 500', lastSuccessAt: '2026-11-21T09:00:00Z' },
      ];
      const report = { ok: true as const, report: { state: 'running' as const, streams } };
      const facts = { ...carriedOut(factsOf(connectorOf())), report };
      const { status, reason } = conditionOf(decide(facts, SETTINGS).status.conditions, 'Synced') ?? {};
      expect(`${status} ${reason}`).toBe(text);
    },
  );

  it('run-now is asked for once for each token, and only when there is somebody to ask', () => {
    const metadata = { annotations: { [ANNOTATIONS.runNow]: 'prices/t1' } };
    const fresh = factsOf(connectorOf({}, metadata));
    expect(decide(fresh, SETTINGS).runNow).toBeUndefined();
    const up = carriedOut(fresh);
    expect(decide(up, SETTINGS).runNow).toEqual({ token: 'prices/t1', stream: 'prices' });
    const handled = { ...up.connector, status: { ...up.connector.status, handledRunNow: 'prices/t1' } };
    expect(decide({ ...up, connector: handled }, SETTINGS).runNow).toBeUndefined();
  });

  it('an automatic restart changes the pods once, and that it is forgotten changes nothing', () => {
    const failing = {
      ok: true as const,
      report: { state: 'running' as const, streams: [{ name: 's', state: 'failed' }] },
    };
    let facts: Facts = { ...carriedOut(factsOf(connectorOf())), report: failing };
    facts = carriedOut(facts);
    const due = { ...facts, now: NOW + 2 * 60_000 };
    const decision = decide(due, SETTINGS);
    expect([decision.restarted, decision.apply.map(([kind]) => kind)]).toEqual([true, ['deployment']]);
    facts = { ...carriedOut(due), report: { ok: true, report: { state: 'running', streams: [] } } };
    for (let minute = 3; minute < 30; minute += 1) {
      facts = { ...facts, now: NOW + minute * 60_000 };
      expect(decide(facts, SETTINGS).apply).toEqual([]);
      facts = carriedOut(facts);
    }
    expect(facts.connector.status?.autoRestart).toBeUndefined();
  });

  it('a restart that was ordered by somebody who was killed before he wrote it down is not ordered again', () => {
    const streams = [{ name: 's', state: 'failed' }];
    const report = { ok: true as const, report: { state: 'running' as const, streams } };
    const failing = carriedOut({ ...carriedOut(factsOf(connectorOf())), report });
    const due = { ...failing, now: NOW + 2 * 60_000 };
    const killed = { ...carriedOut(due), connector: failing.connector };
    const after = decide({ ...killed, now: due.now + 1_000 }, SETTINGS);
    expect([after.restarted, after.apply]).toEqual([false, []]);
    expect(after.status.autoRestart).toMatchObject({ count: 1, lastTime: new Date(due.now).toISOString() });
    // The next one comes when it would have come.
    const minutes = (n: number): Facts => ({ ...killed, now: due.now + n * 60_000 });
    expect([5, 6].map((n) => decide(minutes(n), SETTINGS).restarted)).toEqual([false, true]);
  });

  it('a deletion scales down, waits for the pods, and goes on without them after two minutes', () => {
    const whole = carriedOut(factsOf(connectorOf()));
    const deleted = (secondsAgo: number): Connector => ({
      ...whole.connector,
      metadata: {
        ...whole.connector.metadata,
        deletionTimestamp: new Date(NOW - secondsAgo * 1000).toISOString(),
      },
    });
    const at = (secondsAgo: number, change: Partial<Facts>): ReturnType<typeof decide> =>
      decide({ ...whole, connector: deleted(secondsAgo), ...change }, SETTINGS);
    expect(at(0, { pods: 1 })).toMatchObject({ scaleDown: true, finalizer: 'keep', apply: [] });
    expect(at(60, { pods: 1, children: new Map() })).toMatchObject({ finalizer: 'keep' });
    expect(at(60, { pods: 0, children: new Map() })).toMatchObject({ finalizer: 'remove', notices: [] });
    expect(at(121, { pods: 1 })).toMatchObject({ finalizer: 'remove', notices: [{ reason: 'NotDrained' }] });
  });

  it('what is in the broker goes when the processes have ended, and is not waited for longer than they are', () => {
    const whole = carriedOut(factsOf(connectorOf()));
    const forget = (secondsAgo: number, change: Partial<Facts>, finalizers = [FINALIZER]): string => {
      const deletionTimestamp = new Date(NOW - secondsAgo * 1000).toISOString();
      const metadata = { ...whole.connector.metadata, deletionTimestamp, finalizers };
      return decide({ ...whole, connector: { ...whole.connector, metadata }, ...change }, SETTINGS).forget;
    };
    const gone = { pods: 0, children: new Map() };
    expect(decide(whole, SETTINGS).forget).toBe('no');
    expect(forget(60, { pods: 1 })).toBe('no');
    expect(forget(60, gone)).toBe('must');
    expect(forget(121, { pods: 1 })).toBe('try');
    expect(forget(60, gone, [])).toBe('no');
    // It was never its own: the older one has the names.
    expect(forget(60, { ...gone, rival: { owner: 'qb/first', what: 'The instance name "erp"' } })).toBe('no');
  });

  it('a name that is taken leaves every child as it is, is told once, and is looked at less and less often', () => {
    const taken = 'The name of the Service qb/erp-connector belongs to the Helm release other';
    const obstacle = { kind: 'NameTaken' as const, message: taken };
    const first = decide(factsOf(connectorOf(), { obstacle }), SETTINGS);
    expect([first.apply, first.remove]).toEqual([[], []]);
    expect(first.notices.map(({ reason, message }) => `${reason} ${message}`)).toContain(
      `NameTaken ConfigurationValid: ${taken}`,
    );
    let last = 0;
    for (const seconds of [0, 2, 4, 60, 3_600]) {
      const facts = factsOf(connectorOf({}, {}, first.status), { obstacle, now: NOW + seconds * 1000 });
      const { notices, lookAgainMs = 0, status } = decide(facts, SETTINGS);
      expect(notices).toEqual([]);
      expect(status).toEqual(first.status);
      expect(lookAgainMs).toBeGreaterThanOrEqual(Math.max(1_000, last));
      last = lookAgainMs;
    }
    expect(last).toBe(300_000);
  });

  it('a child that the API server refuses is told once, in its words, whatever it counts in them later', () => {
    const refused = (
      why: string,
      what = 'The API server refuses the Deployment qb/erp-connector (403 Forbidden)',
    ) => ({ kind: 'Refused', what, why }) as const;
    const told = (facts: Facts): string | undefined =>
      decide(facts, SETTINGS).status.conditions?.find(({ type }) => type === 'ConfigurationValid')?.message;
    const first = decide(factsOf(connectorOf(), { obstacle: refused('used: pods=5') }), SETTINGS);
    expect(first.notices.map(({ reason }) => reason)).toContain('Refused');
    expect(first.status.phase).toBe('Invalid');
    const later = (change: Partial<Facts>, metadata = {}): Facts =>
      factsOf(connectorOf({}, metadata, first.status), change);
    const again = decide(later({ obstacle: refused('used: pods=6'), now: NOW + 60_000 }), SETTINGS);
    expect([again.status, again.notices]).toEqual([first.status, []]);
    // Another child, or another spec, is another story.
    const service = 'The API server refuses the Service qb/erp-connector (422 Invalid)';
    expect(told(later({ obstacle: refused('a label', service) }))).toBe(`${service}: a label`);
    expect(told(later({ obstacle: refused('used: pods=7') }, { generation: 4 }))).toMatch(/pods=7$/);
  });

  it('no child carries a value of a Secret, a token of the API server or a privilege', () => {
    const children = childrenOf(connectorOf(), SETTINGS, {
      credentials: { hash: 'h' },
      platformHash: 'i',
      platformPorts: [27_017, 4_222],
      restartedAt: undefined,
      canvas: true,
    });
    const pod = JSON.stringify(children.get('deployment'));
    expect(pod).toContain('"automountServiceAccountToken":false');
    expect(pod).toContain('"readOnlyRootFilesystem":true');
    expect(pod).not.toContain('"value":"h"');
  });
});
