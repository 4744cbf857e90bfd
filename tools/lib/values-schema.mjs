// The schema of the values of a component's chart: what all charts have, and the settings of the component.
const closed = (properties) => ({ type: 'object', additionalProperties: false, properties });
const text = { type: 'string' };
const flag = { type: 'boolean' };
const texts = { type: 'object', additionalProperties: text };
const names = { type: 'array', items: { type: 'string', minLength: 1 } };
const duration = { type: 'string', pattern: '^[0-9]+(ms|s|m|h|d)$' };
const count = (minimum, maximum) => ({ type: 'integer', minimum, maximum });
const cidrs = { type: 'array', items: { type: 'string', pattern: '/' } };
const secretName = { type: 'string', minLength: 1, maxLength: 253 };
/** What a container may have of what: names of Kubernetes, and of others behind their domain. */
const quantities = {
  ...closed({}),
  patternProperties: {
    '^(cpu|memory|ephemeral-storage|hugepages-.+|.+/.+)$': { type: ['string', 'number'] },
  },
};
/** As the API server takes them. */
const tolerations = {
  type: 'array',
  items: closed({
    key: text,
    operator: { enum: ['Exists', 'Equal'] },
    value: text,
    effect: { enum: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'] },
    tolerationSeconds: { type: 'integer' },
  }),
};
const webAddress = { type: 'string', pattern: '^($|https?://)' };

const image = closed({
  registry: text,
  repository: { type: 'string', minLength: 1 },
  tag: text,
  pullPolicy: { enum: ['IfNotPresent', 'Always', 'Never'] },
});

/** What can be said once for all components, as `global`, and for each one by itself. */
const shared = {
  image,
  imagePullSecrets: names,
  platformSecret: secretName,
  keysSecret: secretName,
  publicUrl: webAddress,
  trust: closed({ configMap: { type: 'string', maxLength: 253 }, key: { type: 'string', minLength: 1 } }),
  telemetry: closed({
    otlpEndpoint: webAddress,
    traceRatio: { type: 'string', pattern: '^(0|1|0?\\.[0-9]+)$' },
  }),
  networkPolicy: closed({
    enabled: flag,
    ingressNamespaces: names,
    ingressCidrs: cidrs,
    egressCidrs: cidrs,
    egressPorts: { type: 'array', items: count(1, 65_535) },
  }),
  monitoring: closed({
    namespace: text,
    annotations: flag,
    serviceMonitor: closed({ enabled: flag, interval: duration, labels: texts }),
    alerts: closed({ enabled: flag, labels: texts }),
  }),
  oda: closed({
    component: { enum: ['auto', 'always', 'never'] },
    canvasSystemRole: { type: 'string', minLength: 1 },
    allStandardDependents: flag,
    metricsApi: flag,
  }),
};

const NUMBERS = new Set(['int', 'port']);

const settingSchema = ({ type, doc, values, min, max, optional, schemes = ['http', 'https'] }) => {
  const described = (schema) => ({ description: doc, ...schema });
  if (NUMBERS.has(type)) {
    const limits = {
      ...(min === undefined ? {} : { minimum: min }),
      ...(max === undefined ? {} : { maximum: max }),
    };
    return described({ type: 'integer', ...limits });
  }
  if (type === 'boolean') return described(flag);
  if (type === 'duration') return described(duration);
  if (type === 'enum') return described({ enum: values });
  if (type === 'url') {
    const names = schemes.map((one) => one.replace('+', '\\+')).join('|');
    // An optional one may be emptied, also where the chart would name a neighbour.
    return described(optional ? addresses(names) : { type: 'string', pattern: `^(${names})://[^@]+$` });
  }
  if (type === 'list')
    return described({ type: 'array', items: values === undefined ? text : { enum: values } });
  return described(text);
};

/** JSON schema (draft 7) of the values of one component's chart. */
export const valuesSchema = ({ component, settings }, declared) => ({
  $schema: 'https://json-schema.org/draft-07/schema#',
  title: `Values of quotebridge-${component}`,
  ...closed({
    global: { type: 'object' },
    // helm itself puts it there.
    'quotebridge-lib': { type: 'object', maxProperties: 1 },
    enabled: flag,
    replicas: count(1, 50),
    ...shared,
    settings: closed(
      Object.fromEntries(Object.keys(settings).map((key) => [key, settingSchema(declared[key])])),
    ),
    resources: closed({ requests: quantities, limits: quantities }),
    autoscaling: closed({
      enabled: flag,
      minReplicas: count(1, 50),
      maxReplicas: count(1, 50),
      cpuUtilization: count(1, 100),
      consumerLag: closed({ enabled: flag, messages: count(1, 1_000_000) }),
    }),
    podDisruptionBudget: closed({ enabled: flag, maxUnavailable: count(1, 50) }),
    topologySpread: closed({ whenUnsatisfiable: { enum: ['ScheduleAnyway', 'DoNotSchedule'] } }),
    terminationGracePeriodSeconds: count(10, 600),
    podAnnotations: texts,
    podLabels: texts,
    priorityClassName: text,
    nodeSelector: texts,
    tolerations,
    serviceAccount: closed({ annotations: texts }),
  }),
});

const replicaStorage = closed({ enabled: flag, size: text, storageClass: text });
const serverImage = closed({
  repository: { type: 'string', minLength: 1 },
  tag: text,
  pullPolicy: image.properties.pullPolicy,
});
const ourImage = closed({ repository: { type: 'string', minLength: 1 } });
const someResources = closed({ requests: quantities, limits: quantities });
const addresses = (schemes) => ({ type: 'string', pattern: `^($|(${schemes})://[^@]+$)` });

/** JSON schema (draft 7) of the values of the chart of the whole suite; each component has its own besides. */
export const suiteSchema = (components) => ({
  $schema: 'https://json-schema.org/draft-07/schema#',
  title: 'Values of quotebridge',
  ...closed({
    global: closed({
      ...shared,
      image: closed({ registry: text, tag: text, pullPolicy: image.properties.pullPolicy }),
    }),
    'quotebridge-lib': { type: 'object', maxProperties: 1 },
    createSecrets: closed({ platform: flag, keys: flag }),
    mongodb: closed({
      enabled: flag,
      url: addresses('mongodb|mongodb\\+srv'),
      image: serverImage,
      members: { enum: [1, 3, 5] },
      cacheGB: { type: 'string', pattern: '^[0-9.]+$' },
      persistence: replicaStorage,
      resources: someResources,
    }),
    nats: closed({
      enabled: flag,
      url: addresses('nats|tls|ws|wss'),
      image: serverImage,
      persistence: replicaStorage,
      resources: someResources,
    }),
    clusterDomain: { type: 'string', minLength: 1 },
    setup: closed({ image: ourImage }),
    ...Object.fromEntries([...components, 'operator'].map((name) => [name, { type: 'object' }])),
    sandbox: closed({
      enabled: flag,
      image: closed({ repository: { type: 'string', minLength: 1 }, tag: text }),
      size: count(1, 10_000),
      afterSales: count(0, 100_000),
      resources: someResources,
    }),
    ingress: closed({
      enabled: flag,
      className: text,
      host: text,
      annotations: texts,
      tls: closed({
        secretName: text,
        issuer: closed({ name: text, kind: { enum: ['Issuer', 'ClusterIssuer'] } }),
      }),
    }),
    dashboard: closed({ enabled: flag, labels: texts }),
  }),
});
