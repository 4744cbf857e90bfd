import { setTimeout as sleep } from 'node:timers/promises';
import { isKubeError, pathOf } from '@quotebridge/kubernetes/client';
import { CONNECTORS, FINALIZER, type Connector } from '@quotebridge/kubernetes/operator';
import { describeWith, metricOf, type OperatorSuite, S4_SPEC, startOperatorSuite } from './support';

const FOREIGN = 'example.com/keep';
const WRITES = 40;
const ERRORS = 'quotebridge_operator_reconcile_errors_total';

describeWith(['to play the kubelet'], 'others who write a Connector while the operator does', () => {
  let suite: OperatorSuite;
  beforeAll(async () => {
    suite = await startOperatorSuite();
  });
  afterAll(() => suite?.stop());

  const numbers = Array.from({ length: WRITES }, (_, n) => n);
  const read = async (name: string): Promise<Connector> => {
    const found = await suite.read(name);
    if (found === undefined) throw new Error(`There is no Connector ${name}`);
    return found;
  };
  /** `kubectl label`: a merge patch of what is changed. */
  const labels = async (name: string): Promise<void> => {
    for (const n of numbers) await suite.patch(name, { metadata: { labels: { [`l${n}`]: 'there' } } });
  };
  /** `kubectl apply --server-side` by managers of their own. */
  const applies = async (name: string): Promise<void> => {
    const { admin } = suite.cluster;
    for (const n of numbers)
      await admin.call({
        method: 'PATCH',
        path: pathOf(CONNECTORS, 'qb', name),
        query: { fieldManager: `team-${n}` },
        contentType: 'application/apply-patch+yaml',
        body: {
          apiVersion: 'connectors.quotebridge.io/v1alpha1',
          kind: 'Connector',
          metadata: { name, annotations: { [`example.com/a${n}`]: 'there' } },
        },
      });
  };
  /** `kubectl edit`: reads, changes, writes back, and begins anew when it was changed meanwhile. */
  const edits = async (name: string): Promise<void> => {
    for (let n = 0; n < WRITES;) {
      const found = await suite.cluster.admin.get(CONNECTORS, 'qb', name);
      if (found === undefined) throw new Error(`There is no Connector ${name}`);
      const { metadata, ...rest } = found;
      const count = Number(metadata.annotations?.['example.com/edits'] ?? 0);
      const annotations = { ...metadata.annotations, 'example.com/edits': String(count + 1) };
      try {
        await suite.cluster.admin.replace(CONNECTORS, { ...rest, metadata: { ...metadata, annotations } });
        n += 1;
      } catch (thrown) {
        if (!isKubeError(thrown, 409)) throw thrown;
      }
    }
  };
  /** `kubectl patch` of the spec. */
  const sizes = async (name: string): Promise<void> => {
    for (const n of numbers) await suite.patch(name, { spec: { s4hana: { pageSize: 50 + n } } });
  };
  /** What the operator has to write itself. */
  const reports = async (name: string): Promise<void> => {
    for (const n of numbers) {
      const stream = { name: 'productOfferings', state: 'succeeded', quarantined: n };
      suite.processes.report('qb', name, { state: 'running', connected: { ok: true }, streams: [stream] });
      await sleep(50);
    }
  };

  it('lose nothing, and what they have ordered last is what runs', async () => {
    const name = await suite.make();
    await Promise.all([labels, applies, edits, sizes, reports].map((write) => write(name)));
    const last = await suite.until('the last report in the status', async () => {
      const now = await read(name);
      const isSeen = now.status?.observedGeneration === now.metadata.generation;
      return isSeen && now.status?.streams?.[0]?.quarantined === WRITES - 1 ? now : undefined;
    });
    expect(Object.keys(last.metadata.labels ?? {}).sort()).toEqual(numbers.map((n) => `l${n}`).sort());
    const expected = Object.fromEntries(numbers.map((n) => [`example.com/a${n}`, 'there']));
    expect(last.metadata.annotations).toEqual({ ...expected, 'example.com/edits': String(WRITES) });
    expect(last.metadata.finalizers).toEqual([FINALIZER]);
    expect(last.spec).toMatchObject({ ...S4_SPEC, s4hana: { pageSize: 50 + WRITES - 1 } });
    await suite.until('the settings that were ordered last', async () =>
      JSON.stringify(await suite.child('configMap', name)).includes(`\\"pageSize\\":${50 + WRITES - 1}`),
    );
  });

  it('make a write of the operator fail with a 409: it is tried again, and there is peace when they stop', async () => {
    let writes = 0;
    const names: string[] = [];
    const failed = (): Promise<number> => metricOf(suite.operator, ERRORS);
    const before = await failed();
    // The finalizer is added on the version that was read: those who write all the time make that an old one.
    await suite.until('a conflict', async () => {
      const name = await suite.make();
      names.push(name);
      const hammer = async (): Promise<void> => {
        while ((await read(name)).metadata.finalizers?.includes(FINALIZER) !== true) {
          writes += 1;
          await suite.patch(name, { metadata: { annotations: { 'example.com/tick': String(writes) } } });
        }
      };
      await Promise.all(Array.from({ length: 8 }, hammer));
      return (await failed()) > before;
    });
    for (const name of names) await suite.untilCondition(name, 'Ready', 'True Running');
    const versions = (): Promise<unknown[]> =>
      Promise.all(names.map(async (name) => (await read(name)).metadata.resourceVersion));
    // What the last changes led to may still be written; ten looks at each connector after it nothing is.
    await suite.until('peace', async () => {
      const [quiet, asked] = [await versions(), suite.processes.asked()];
      await suite.until('more polls', async () => suite.processes.asked() > asked + 10 * names.length);
      return JSON.stringify(await versions()) === JSON.stringify(quiet);
    });
    const errors = (await failed()) - before;
    // No try without a change of theirs.
    expect(errors).toBeLessThanOrEqual(writes);
    process.stdout.write(`seen: ${writes} writes of others, ${errors} conflicts of the operator\n`);
  });

  it('keep their finalizer through a deletion, and what they write until then', async () => {
    const name = await suite.running();
    const { finalizers = [] } = (await read(name)).metadata;
    await suite.patch(name, { metadata: { finalizers: [...finalizers, FOREIGN] } });
    const removed = suite.cluster.admin.remove(CONNECTORS, 'qb', name);
    await Promise.all([removed, labels(name)]);
    const left = await suite.until('the operator to let go', async () => {
      const now = await read(name);
      return now.metadata.finalizers?.includes(FINALIZER) === true ? undefined : now;
    });
    expect(left.metadata.finalizers).toEqual([FOREIGN]);
    expect(Object.keys(left.metadata.labels ?? {})).toHaveLength(WRITES);
    await suite.patch(name, { metadata: { finalizers: [] } });
    await suite.until('it to go', async () => (await suite.read(name)) === undefined);
  });
});
