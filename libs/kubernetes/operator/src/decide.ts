import { isJsonObject } from '@quotebridge/platform/core';
import type { KubeObject } from '@quotebridge/kubernetes/client';
import { planRestart, withRestart } from './auto-restart';
import { childrenOf } from './children/children';
import type { ChildKind } from './children/common';
import { PLATFORM, RESTARTED } from './children/deployment';
import { mustApply } from './children/differs';
import { conditionOf, conditionsOf } from './conditions';
import { ANNOTATIONS, FINALIZER, stateOf, type Condition, type ConnectorStatus } from './connector';
import type { Facts } from './facts';
import { USUAL_PORTS } from './platform';
import { rolloutOf } from './rollout';
import type { OperatorSettings } from './settings';
import { statusOf } from './status';

/** An event to show on the Connector. */
export interface Notice {
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
}

/** What is to be done, in this order, and what the status is then. */
export interface Decision {
  readonly finalizer: 'add' | 'remove' | 'keep';
  readonly apply: readonly (readonly [ChildKind, KubeObject])[];
  readonly remove: readonly ChildKind[];
  /** Set the Deployment to no replicas without touching anything else. */
  readonly scaleDown: boolean;
  /** Ask the connector to run now; the text names one stream or is undefined for all. */
  readonly runNow: { readonly token: string; readonly stream: string | undefined } | undefined;
  readonly restarted: boolean;
  /** Remove what it has in the broker; `try`: going on without is better than waiting longer. */
  readonly forget: 'no' | 'must' | 'try';
  readonly status: ConnectorStatus;
  readonly notices: readonly Notice[];
  /** When to look again though nothing has changed. */
  readonly lookAgainMs: number | undefined;
}

/** Names that others have are tried again after as long as they have been taken, within these bounds. */
const TAKEN_LOOK_MS = { least: 1_000, most: 300_000 } as const;

/** A deletion waits this long for processes to end, then goes on without them. */
const DRAIN_MS = 120_000;
const DRAIN_LOOK_MS = 1_000;

const TOLD = ['ConfigurationValid', 'CredentialsValid', 'Connected', 'Synced', 'Ready'] as const;

// A person wants to hear of what went wrong, and that it is right again; not of what was never wrong.
const noticesOf = (before: readonly Condition[] | undefined, now: readonly Condition[]): readonly Notice[] =>
  TOLD.flatMap((type): Notice[] => {
    const [was, is] = [conditionOf(before, type), conditionOf(now, type)];
    if (is === undefined || is.status === 'Unknown') return [];
    const same = was?.status === is.status && was.reason === is.reason;
    if (same || (is.status === 'True' && was?.status !== 'False')) return [];
    const calm =
      is.status === 'True' ||
      ['Paused', 'Stopped', 'RollingOut', 'NotDeployed', 'Draining'].includes(is.reason);
    return [
      {
        type: calm ? 'Normal' : 'Warning',
        reason: is.reason,
        message: `${type}: ${is.message}`,
      },
    ];
  });

/** `run-now: TOKEN` runs every stream, `run-now: STREAM/TOKEN` one. */
const runNowOf = ({ connector }: Facts, isUp: boolean): Decision['runNow'] => {
  const token = connector.metadata.annotations?.[ANNOTATIONS.runNow];
  if (token === undefined || token === '' || token === connector.status?.handledRunNow || !isUp)
    return undefined;
  const slash = token.indexOf('/');
  return { token, stream: slash > 0 ? token.slice(0, slash) : undefined };
};

// What has the names of an older Connector has nothing of its own in the broker.
const forgetOf = ({ rival, connector }: Facts, done: boolean, late: boolean): Decision['forget'] => {
  const held = connector.metadata.finalizers?.includes(FINALIZER) === true;
  if (!held || rival !== undefined || !(done || late)) return 'no';
  return late ? 'try' : 'must';
};

const drain = (facts: Facts): Decision => {
  const { connector, children, pods, now } = facts;
  const deployment = children.get('deployment');
  const rollout = rolloutOf(deployment);
  const conditions = conditionsOf(facts, rollout);
  const held = connector.metadata.finalizers?.includes(FINALIZER) === true;
  const waited = now - Date.parse(connector.metadata.deletionTimestamp ?? '');
  const done = pods === 0 && (deployment === undefined || deployment.spec?.['replicas'] === 0);
  const late = waited >= DRAIN_MS;
  return {
    finalizer: held && (done || late) ? 'remove' : 'keep',
    apply: [],
    remove: [],
    scaleDown: deployment !== undefined && deployment.spec?.['replicas'] !== 0,
    runNow: undefined,
    restarted: false,
    forget: forgetOf(facts, done, late),
    status: statusOf(facts, conditions, rollout),
    notices:
      late && !done
        ? [
            {
              type: 'Warning',
              reason: 'NotDrained',
              message: `${pods} processes had not ended after ${DRAIN_MS / 1000} seconds; the deletion goes on without them`,
            },
          ]
        : [],
    lookAgainMs: held ? DRAIN_LOOK_MS : undefined,
  };
};

/** An annotation of the pods that a Deployment makes. */
const podAnnotation = (deployment: KubeObject | undefined, name: string): string | undefined => {
  const template = deployment?.spec?.['template'];
  const metadata = isJsonObject(template) ? template['metadata'] : undefined;
  const annotations = isJsonObject(metadata) ? metadata['annotations'] : undefined;
  const value = isJsonObject(annotations) ? annotations[name] : undefined;
  return typeof value === 'string' ? value : undefined;
};

/** When to see whether a name is free: somebody else's objects are not watched. */
const takenLookMs = ({ obstacle, now }: Facts, conditions: readonly Condition[]): number | undefined => {
  if (obstacle?.kind !== 'NameTaken') return undefined;
  const since = Date.parse(conditionOf(conditions, 'ConfigurationValid')?.lastTransitionTime ?? '');
  return Math.min(TAKEN_LOOK_MS.most, Math.max(TAKEN_LOOK_MS.least, now - since));
};

/** Whether a connector that should work does not; undefined when there is nothing to judge. */
const failingOf = ({ connector }: Facts, conditions: readonly Condition[]): boolean | undefined => {
  const holds = (type: Condition['type']): boolean => conditionOf(conditions, type)?.status === 'True';
  if (stateOf(connector) !== 'Running' || !holds('ConfigurationValid') || !holds('CredentialsValid'))
    return undefined;
  if (holds('Degraded')) return true;
  return holds('Progressing') ? undefined : false;
};

/**
 * What to do about a Connector. Pure: the same facts give the same decision, whatever happened before; that is why
 * the operator may be killed at any point. Settings that are wrong leave what runs as it is.
 */
export const decide = (facts: Facts, settings: OperatorSettings): Decision => {
  const { connector, children, credentials, now } = facts;
  if (connector.metadata.deletionTimestamp !== undefined) return drain(facts);
  const deployment = children.get('deployment');
  const rollout = rolloutOf(deployment);
  const conditions = conditionsOf(facts, rollout);
  const valid = conditionOf(conditions, 'ConfigurationValid')?.status === 'True';
  const restartedAt = podAnnotation(deployment, RESTARTED);
  const known = withRestart(connector.status?.autoRestart, restartedAt);
  const plan = planRestart(known, failingOf(facts, conditions), now);
  const wanted = valid
    ? childrenOf(connector, settings, {
        credentials: credentials.kind === 'usable' ? { hash: credentials.hash } : undefined,
        // What was taken away cannot be had anew: who runs goes on with it.
        platformHash: facts.platformHash ?? podAnnotation(deployment, PLATFORM),
        platformPorts: facts.platformPorts ?? (children.has('networkPolicy') ? undefined : USUAL_PORTS),
        restartedAt: plan.state?.lastTime ?? restartedAt,
        canvas: facts.canvas,
      })
    : new Map<ChildKind, KubeObject | undefined>();
  const isUp = valid && stateOf(connector) !== 'Stopped' && rollout.ready > 0;
  const status = statusOf(facts, conditions, rollout);
  const minutes = plan.state?.failingSince === undefined ? 0 : now - Date.parse(plan.state.failingSince);
  return {
    finalizer: connector.metadata.finalizers?.includes(FINALIZER) === true ? 'keep' : 'add',
    apply: [...wanted].flatMap(([kind, want]) =>
      want !== undefined && mustApply(children.get(kind), want) ? [[kind, want] as const] : [],
    ),
    remove: [...wanted].flatMap(([kind, want]) => (want === undefined && children.has(kind) ? [kind] : [])),
    // What cannot be made right can still be stopped.
    scaleDown: stateOf(connector) === 'Stopped' && !wanted.has('deployment') && rollout.wanted > 0,
    runNow: runNowOf(facts, isUp),
    restarted: plan.restart,
    forget: 'no',
    status: plan.state === undefined ? status : { ...status, autoRestart: plan.state },
    notices: [
      ...noticesOf(connector.status?.conditions, conditions),
      ...(plan.restart
        ? [
            {
              type: 'Warning' as const,
              reason: 'Restarted',
              message: `It has been failing for ${Math.round(minutes / 60_000)} minutes; restart number ${plan.state?.count ?? 0}`,
            },
          ]
        : []),
    ],
    lookAgainMs: takenLookMs(facts, conditions) ?? plan.lookAgainMs,
  };
};
