import { CONDITION_TYPES, stateOf, type Condition, type ConditionType } from './connector';
import type { Facts, Obstacle } from './facts';
import type { Rival } from './rivals';
import type { Rollout } from './rollout';

type Verdict = readonly [status: Condition['status'], reason: string, message: string];

const MOST_FAULTS = 5;

const listed = (lines: readonly string[]): string =>
  [
    ...lines.slice(0, MOST_FAULTS),
    ...(lines.length > MOST_FAULTS ? [`and ${lines.length - MOST_FAULTS} more`] : []),
  ].join('; ');

/** What a person is told about a rival. */
export const rivalSentence = ({ owner, what }: Rival): string =>
  `${what} belongs to Connector ${owner}, which is older: make a new Connector with another spec.instance`;

/**
 * What a person is told of an obstacle. A refusal that stays the same but for its numbers keeps its first words: a status that was
 * written with each try would begin the next one.
 */
const obstacleSentence = (obstacle: Obstacle, { connector: { metadata, status } }: Facts): string => {
  if (obstacle.kind === 'NameTaken') return obstacle.message;
  const { what, why } = obstacle;
  const known = conditionOf(status?.conditions, 'ConfigurationValid');
  const isSame =
    known?.observedGeneration === (metadata.generation ?? 0) && known.message.startsWith(`${what}: `);
  return isSame ? known.message : `${what}: ${why}`;
};

const configuration = (facts: Facts): Verdict => {
  const { faults, rival, obstacle } = facts;
  if (rival !== undefined) return ['False', 'NameTaken', rivalSentence(rival)];
  if (obstacle !== undefined) return ['False', obstacle.kind, obstacleSentence(obstacle, facts)];
  if (faults.length === 0) return ['True', 'Accepted', 'The settings are what the connector expects'];
  return ['False', 'Invalid', listed(faults.map(({ path, message }) => `${path} ${message}`))];
};

const credentials = ({ credentials: fact, connector }: Facts, configured: boolean): Verdict => {
  if (!configured)
    return ['Unknown', 'NotChecked', 'Which secrets are needed is known when the settings are right'];
  const where = connector.metadata.namespace ?? '';
  switch (fact.kind) {
    case 'usable':
      return ['True', 'Complete', 'Every secret that the connector needs is there'];
    case 'unnamed':
      return [
        'False',
        'NoSecretNamed',
        `The connector needs ${fact.needed.join(', ')}: name a Secret with it in spec.credentialsSecretRef`,
      ];
    case 'absent':
      return [
        'False',
        'SecretMissing',
        `There is no Secret ${fact.secret} in namespace ${where}: create it with ${fact.needed.join(', ') || 'the secrets of the connector'}`,
      ];
    case 'incomplete':
      return ['False', 'KeyMissing', `Secret ${fact.secret} lacks ${fact.missing.join(', ')}: add it`];
  }
};

const progressing = ({ phase, ready, wanted, refusal }: Rollout): Verdict => {
  const share = `${ready} of ${wanted} processes are ready`;
  const reason = refusal === undefined ? '' : `; no pod can be made: ${refusal}`;
  if (phase === 'moving') return ['True', 'RollingOut', `${share}${reason}`];
  if (phase === 'stuck') {
    const hint = reason === '' ? ': look at its pods and their events' : reason;
    return ['False', 'RolloutStuck', `${share} and the Deployment has given up${hint}`];
  }
  return phase === 'absent'
    ? ['False', 'NotDeployed', 'There is no Deployment']
    : ['False', 'Settled', share];
};

const connected = ({ connector, report }: Facts, { ready }: Rollout): Verdict => {
  const state = stateOf(connector);
  if (state === 'Stopped') return ['Unknown', 'Stopped', 'A stopped connector calls nobody'];
  if (ready === 0) return ['Unknown', 'NoProcess', 'No process is ready'];
  if (report === undefined) return ['Unknown', 'NotAsked', 'The connector has not been asked yet'];
  if (!report.ok) return ['Unknown', 'NoReport', `The connector gives no report: ${report.message}`];
  const { connected: fact } = report.report;
  if (fact === undefined) return ['Unknown', 'NotTried', 'The outside system has not been called yet'];
  return fact.ok
    ? ['True', 'Reachable', 'The outside system answers']
    : [
        'False',
        'Unreachable',
        `The outside system does not answer as it should: ${fact.message ?? 'no reason given'}`,
      ];
};

const synced = ({ report }: Facts): Verdict => {
  if (report?.ok !== true) return ['Unknown', 'NoReport', 'What the streams do is not known'];
  const { streams } = report.report;
  const failed = streams.filter(({ state, outcome = state }) => outcome === 'failed');
  if (failed.length > 0) {
    return ['False', 'RunFailed', listed(failed.map(({ name, error }) => `${name}: ${error ?? 'failed'}`))];
  }
  const never = streams.filter(({ lastSuccessAt }) => lastSuccessAt === undefined);
  if (never.length > 0) {
    return ['Unknown', 'FirstRun', `Not run to the end yet: ${never.map(({ name }) => name).join(', ')}`];
  }
  const quarantined = streams.reduce((sum, stream) => sum + (stream.quarantined ?? 0), 0);
  return quarantined === 0
    ? ['True', 'UpToDate', 'Every stream has been read to its end']
    : ['True', 'WithQuarantine', `Every stream has been read; ${quarantined} records wait in the quarantine`];
};

const BAD_WHEN_FALSE: readonly ConditionType[] = [
  'ConfigurationValid',
  'CredentialsValid',
  'Connected',
  'Synced',
];

type Verdicts = Readonly<Partial<Record<ConditionType, Verdict>>>;

const degraded = (verdicts: Verdicts, facts: Facts, rollout: Rollout): Verdict => {
  const bad = BAD_WHEN_FALSE.map((type) => verdicts[type]).find((verdict) => verdict?.[0] === 'False');
  if (bad !== undefined) return ['True', bad[1], bad[2]];
  if (rollout.phase === 'stuck') return ['True', 'RolloutStuck', progressing(rollout)[2]];
  if (facts.report?.ok === false && rollout.phase === 'settled' && rollout.ready > 0) {
    return ['True', 'NoReport', facts.report.message];
  }
  return ['False', 'AsExpected', 'Nothing is wrong'];
};

const ready = (verdicts: Verdicts, { connector }: Facts, rollout: Rollout): Verdict => {
  if (connector.metadata.deletionTimestamp !== undefined)
    return ['False', 'Draining', 'It is being deleted and ends what it has in work'];
  for (const type of ['ConfigurationValid', 'CredentialsValid'] as const) {
    const verdict = verdicts[type];
    if (verdict?.[0] === 'False') return ['False', verdict[1], verdict[2]];
  }
  const state = stateOf(connector);
  if (state !== 'Running')
    return ['False', state, `It does nothing by itself, because spec.state is ${state}`];
  if (rollout.ready === 0 || rollout.ready < rollout.wanted) {
    const [, reason, message] = progressing(rollout);
    return ['False', reason === 'Settled' ? 'RollingOut' : reason, message];
  }
  const [status, reason, message] = verdicts.Connected ?? ['Unknown', 'NotAsked', ''];
  return status === 'False' ? ['False', reason, message] : ['True', 'Running', 'The connector does its work'];
};

// Said of a process that is not there: nothing to go on from.
const WITHOUT_PROCESS = ['Stopped', 'NoProcess'];

/**
 * Until this operator has asked a process itself, what was last known of it holds on: a restart of the operator must
 * not make a thousand conditions unknown for a moment.
 */
const lastKnown = (facts: Facts, rollout: Rollout, type: ConditionType, fresh: Verdict): Verdict => {
  const { connector, report } = facts;
  const known = connector.status?.conditions?.find((condition) => condition.type === type);
  const isOpen = report === undefined && rollout.ready > 0 && stateOf(connector) !== 'Stopped';
  return isOpen && known !== undefined && !WITHOUT_PROCESS.includes(known.reason)
    ? [known.status, known.reason, known.message]
    : fresh;
};

/** The conditions that follow from the facts. The time of a transition moves only when the status does. */
export const conditionsOf = (facts: Facts, rollout: Rollout): readonly Condition[] => {
  const ConfigurationValid = configuration(facts);
  const valid = ConfigurationValid[0] === 'True';
  const base: Verdicts = {
    ConfigurationValid,
    CredentialsValid: credentials(facts, valid),
    Connected: lastKnown(facts, rollout, 'Connected', connected(facts, rollout)),
    Synced: lastKnown(facts, rollout, 'Synced', synced(facts)),
    Progressing: progressing(rollout),
  };
  const verdicts = { ...base, Degraded: degraded(base, facts, rollout), Ready: ready(base, facts, rollout) };
  const before = facts.connector.status?.conditions ?? [];
  return CONDITION_TYPES.map((type): Condition => {
    const [status, reason, message] = verdicts[type] ?? ['Unknown', 'NotChecked', ''];
    const known = before.find((condition) => condition.type === type);
    return {
      type,
      status,
      reason,
      message: message.slice(0, 2_000),
      observedGeneration: facts.connector.metadata.generation ?? 0,
      lastTransitionTime:
        known?.status === status
          ? known.lastTransitionTime
          : new Date(facts.now).toISOString().replace(/\.\d+Z$/, 'Z'),
    };
  });
};

/** The condition of a type. */
export const conditionOf = (
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined => conditions?.find((condition) => condition.type === type);
