import { askPrometheus, rulesIn, startHelm, type PrometheusAnswer, type Rule } from './support';

const DAY = 86_400;
const HTTP = 'service="quote",namespace="qb"';
const CONNECTOR = 'service="connector-erp",namespace="qb"';
const OPERATOR = 'namespace="qb"';

/** Series of a quarter of an hour and more, a value a minute (`a+bxN`: a, and N times b more), while all is well and while it is not. */
interface Story {
  readonly well: string;
  readonly wrong: string;
}

const buckets = (fast: string, all: string): string =>
  [
    `http_server_request_duration_seconds_bucket{${HTTP},le="0.5"} ${fast}`,
    `http_server_request_duration_seconds_bucket{${HTTP},le="1"} ${all}`,
    `http_server_request_duration_seconds_bucket{${HTTP},le="+Inf"} ${all}`,
  ].join('\n');
const answers = (failures: string): string =>
  [
    `http_server_request_duration_seconds_count{${HTTP},http_response_status_code="200"} 0+1000x90`,
    `http_server_request_duration_seconds_count{${HTTP},http_response_status_code="503",error_type="503"} ${failures}`,
  ].join('\n');
const gauge = (name: string, labels: string, well: number, wrong: number): Story => ({
  well: `${name}{${labels}} ${well}+0x90`,
  wrong: `${name}{${labels}} ${wrong}+0x90`,
});
// As it is: a counter begins at nothing, and one thing happens once.
const counter = (name: string, labels: string, by = 1): Story => ({
  well: `${name}{${labels}} 0+0x90`,
  wrong: `${name}{${labels}} 0+0x20 ${by}+0x68`,
});
/** Beside another operator, of a namespace of its own, that is well while this one is not, and the other way about. */
const ofOperator = ({ well, wrong }: Story): Story => {
  const another = (series: string): string => series.replaceAll(OPERATOR, 'namespace="other"');
  return { well: `${well}\n${another(wrong)}`, wrong: `${wrong}\n${another(well)}` };
};
const certificate = (name: string): Story =>
  gauge(name, 'name="tls",exported_namespace="qb"', 30 * DAY, 10 * DAY);

/** What is behind each alert, told in the metrics that there are. */
const STORIES: Readonly<Record<string, Story>> = {
  QuoteBridgeSlow: { well: buckets('0+96x90', '0+100x90'), wrong: buckets('0+90x90', '0+100x90') },
  QuoteBridgeErrors: { well: answers('0+5x90'), wrong: answers('0+20x90') },
  QuoteBridgeEventsWait: gauge('quotebridge_relay_lag_seconds', `${HTTP},collection="quote"`, 2, 90),
  QuoteBridgeConsumerLate: gauge('quotebridge_consumer_lag_messages', `${HTTP},consumer="c"`, 900, 1_100),
  QuoteBridgeDeadLetters: counter('quotebridge_dead_letters_total', `${HTTP},consumer="c"`),
  QuoteBridgeDown: {
    well: `process_start_time_seconds{${HTTP}} 1+0x90`,
    wrong: `process_start_time_seconds{${HTTP}} 1+0x20`,
  },
  QuoteBridgeSyncFails: gauge('quotebridge_connector_stream_failing', `${CONNECTOR},stream="s"`, 0, 1),
  QuoteBridgeSyncLate: gauge(
    'quotebridge_connector_stream_late_seconds',
    `${CONNECTOR},stream="s"`,
    3_000,
    4_000,
  ),
  QuoteBridgeRecordsRefused: counter(
    'quotebridge_connector_records_total',
    `${CONNECTOR},stream="s",outcome="rejected"`,
  ),
  QuoteBridgeActionsFail: counter(
    'quotebridge_connector_actions_total',
    `${CONNECTOR},action="a",result="failed"`,
    7,
  ),
  QuoteBridgeConnectorLate: gauge(
    'quotebridge_consumer_lag_messages',
    `${CONNECTOR},consumer="c"`,
    900,
    1_100,
  ),
  QuoteBridgeConnectorDeadLetters: counter('quotebridge_dead_letters_total', `${CONNECTOR},consumer="c"`),
  QuoteBridgeBudgetSpent: {
    well: `quotebridge_connector_budget_calls{${CONNECTOR},kind="used"} 800+0x90\nquotebridge_connector_budget_calls{${CONNECTOR},kind="limit"} 1000+0x90`,
    wrong: `quotebridge_connector_budget_calls{${CONNECTOR},kind="used"} 950+0x90\nquotebridge_connector_budget_calls{${CONNECTOR},kind="limit"} 1000+0x90`,
  },
  QuoteBridgeCertificateEnds: certificate('certmanager_certificate_expiration_timestamp_seconds'),
  QuoteBridgeOperatorDeaf: ofOperator(
    gauge('quotebridge_operator_watch_age_seconds', `${OPERATOR},kind="Connector"`, 50, 300),
  ),
  QuoteBridgeOperatorLeaderless: ofOperator({
    well: `quotebridge_operator_leader{${OPERATOR},pod="a"} 1+0x90\nquotebridge_operator_leader{${OPERATOR},pod="b"} 0+0x90`,
    wrong: `quotebridge_operator_leader{${OPERATOR},pod="a"} 1+0x20 0+0x68\nquotebridge_operator_leader{${OPERATOR},pod="b"} 0+0x90`,
  }),
  QuoteBridgeOperatorFails: ofOperator(counter('quotebridge_operator_reconcile_errors_total', OPERATOR, 25)),
  QuoteBridgeOperatorCertificateEnds: ofOperator(
    gauge('quotebridge_operator_certificate_expiry_timestamp_seconds', OPERATOR, 30 * DAY, 10 * DAY),
  ),
  QuoteBridgeConnectorDegraded: ofOperator(
    gauge('quotebridge_operator_connectors', `${OPERATOR},phase="Degraded"`, 0, 1),
  ),
};

describe('on the series of what goes wrong', () => {
  let rules: readonly Rule[];
  beforeAll(() => {
    // Charts are rendered without a cluster.
    const helm = startHelm({ url: 'https://127.0.0.1:1' });
    const values = ['--set', 'global.monitoring.alerts.enabled=true'];
    rules = rulesIn(
      helm.render('quotebridge', 'qb', ...values, '--api-versions', 'monitoring.coreos.com/v1'),
    );
    helm.remove();
  });

  /** The alert of that name as it stands for quotes, or for all. */
  const ruleOf = (alert: string): Rule => {
    const own = rules.filter((rule) => rule.alert === alert);
    const found = own.find(({ expr }) => expr.includes('service="quote"')) ?? own[0];
    if (found === undefined) throw new Error(`There is no alert ${alert}`);
    return found;
  };
  const ask = (series: (story: Story) => string): readonly (readonly [string, PrometheusAnswer])[] => {
    const cases = Object.entries(STORIES).map(([alert, story]) => {
      const { expr, for: hold = '' } = ruleOf(alert);
      return { expr, for: hold, series: series(story), minutes: 90 };
    });
    const given = askPrometheus(cases);
    return Object.keys(STORIES).map((alert, i) => [alert, given[i] ?? { firing: [] }]);
  };
  const firing = (answered: readonly (readonly [string, PrometheusAnswer])[]): readonly string[] => {
    expect(answered.filter(([, { fault }]) => fault !== undefined)).toEqual([]);
    return answered.filter(([, one]) => one.firing.length > 0).map(([alert]) => alert);
  };

  it('each alert fires, for the one thing that it is about', () => {
    const answered = ask(({ wrong }) => wrong);
    expect(firing(answered)).toEqual(Object.keys(STORIES));
    expect(answered.filter(([, one]) => one.firing.length !== 1)).toEqual([]);
  });

  it('no alert fires while all is well', () => {
    expect(firing(ask(({ well }) => well))).toEqual([]);
  });

  it('a counter that is first seen with its first count alarms nobody, so ours begin at nothing', () => {
    const counted = ['QuoteBridgeDeadLetters', 'QuoteBridgeRecordsRefused', 'QuoteBridgeActionsFail'];
    const answered = ask(({ wrong }) => wrong.replace(' 0+0x20 ', ' _x20 '));
    expect(firing(answered).filter((alert) => counted.includes(alert))).toEqual([]);
  });

  it('an operator that is not there at all is missed', () => {
    const answered = ask(() => 'process_start_time_seconds{service="else"} 1+0x90');
    expect(firing(answered).filter((alert) => alert.startsWith('QuoteBridgeOperator'))).toEqual([
      'QuoteBridgeOperatorLeaderless',
    ]);
  });

  it('every alert of the charts has its story here', () => {
    expect([...new Set(rules.map(({ alert }) => alert))].sort()).toEqual(Object.keys(STORIES).sort());
  });
});
