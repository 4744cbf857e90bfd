// What the charts of the components declare, made from the components themselves.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { apis, components, roles } from './oda.mjs';
import { root } from './paths.mjs';
import { suiteSchema, valuesSchema } from './values-schema.mjs';

const built = (path) => createRequire(import.meta.url)(join(root, 'dist', path, 'src/index.js'));
const specOf = (api, version) =>
  createRequire(import.meta.url)(join(root, 'tmf-specs/generated', `${api}-${version}.json`));

// Set by the chart itself, from values of other names.
const RESERVED = new Set([
  ...['host', 'port', 'publicUrl', 'mongodbUri', 'natsUrl', 'auth'],
  ...['otlpEndpoint', 'traceRatio'],
]);

// Stands for servers while a component is built only to be asked what it consists of: takes every call, does nothing.
const nothing = new Proxy(function nothing() {}, {
  get: (_, name) =>
    name === 'then' ? undefined : name === Symbol.iterator ? () => [][Symbol.iterator]() : nothing,
  apply: () => nothing,
  construct: () => nothing,
});

const environment = (key, setting) =>
  setting.env ?? key.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();

const isRequired = (setting) => setting.optional !== true && setting.default === undefined;

const partsOf = async (component, schema) => {
  const source = Object.fromEntries(
    Object.entries(schema)
      .filter(([, setting]) => isRequired(setting))
      .map(([key, setting]) => [environment(key, setting), `${setting.schemes?.[0] ?? 'http'}://nowhere`]),
  );
  const settings = built('libs/platform/config').loadSettings(schema, source);
  return component.build(new Proxy({ settings }, { get: (given, name) => given[name] ?? nothing }));
};

const urlOf = (api, major) => (apis[api]?.[major] === undefined ? {} : { url: apis[api][major] });

const versionsOf = (api, resources) =>
  ['v4', 'v5'].flatMap((major) => {
    const path = resources.map(({ versions }) => versions[major]?.basePath).find((one) => one !== undefined);
    if (path === undefined) return [];
    return [{ version: `v${specOf(api, major).info.version}`, path, ...urlOf(api, major) }];
  });

const groupBy = (items, keyOf) => {
  const groups = new Map();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return groups;
};

const byApi = (resources) => groupBy(resources, ({ api }) => api);

/** The API of a component's own design: one, in as many versions as it has. */
const ownApis = (own) =>
  own.length === 0
    ? []
    : [
        {
          id: 'QBA001',
          name: 'business-api',
          required: true,
          versions: own.map(({ basePath, document }) => ({
            version: `v${document.info.version}`,
            path: basePath,
          })),
        },
      ];

const exposed = ({ resources, apis: own = [] }, required) => [
  ...[...byApi(resources)].map(([id, group]) => ({
    id,
    name: apis[id].name,
    required: required.includes(id),
    versions: versionsOf(id, group),
  })),
  ...ownApis(own.filter(({ name }) => name.includes('/'))),
];

const eventsOf = (api, { eventName }) =>
  Object.keys(specOf(api, 'v5').components.schemas).filter((name) =>
    new RegExp(
      `^${eventName}(Create|AttributeValueChange|StateChange|Delete|InformationRequired|Milestone|JeopardyAlert|ErrorMessage)Event$`,
    ).test(name),
  );

const published = ({ resources }) =>
  [...byApi(resources)].map(([id, group]) => ({
    name: `${apis[id].name.replace(/-api$/, '')}-events`,
    description: group.flatMap((one) => eventsOf(id, one)).join(', '),
    versions: versionsOf(id, group),
  }));

const subscribed = ({ consumers = [] }) => {
  const subjects = [...new Set(consumers.flatMap(({ spec }) => spec.subjects))].filter((one) =>
    one.startsWith('tmf.'),
  );
  return [...groupBy(subjects, (subject) => subject.split('.')[1])].map(([id, own]) => ({
    name: `${apis[id].name.replace(/-api$/, '')}-events`,
    description: `${own.map((one) => one.split('.').slice(2).join('.')).join(', ')}, by NATS JetStream`,
    version: `v${specOf(id, 'v5').info.version}`,
    ...urlOf(id, 'v5'),
    ...(apis[id].v5 === undefined ? ownerOf(id) : {}),
  }));
};

const dependent = (id) => {
  const major = apis[id].v5 === undefined && ownerOf(id).component === undefined ? 'v4' : 'v5';
  const version = major === 'v4' ? /v(\d+\.\d+\.\d+)/.exec(apis[id].v4)[1] : specOf(id, 'v5').info.version;
  return {
    id,
    name: apis[id].name,
    version: `v${version}`,
    ...urlOf(id, major),
    ...(apis[id][major] === undefined ? ownerOf(id) : {}),
  };
};

const all = {};
/** Which component serves an API, and where, for addresses that are known in the cluster only. */
const ownerOf = (id) => {
  for (const [component, { parts }] of Object.entries(all)) {
    const resource = parts.resources.find(({ api }) => api === id);
    if (resource !== undefined) return { component, path: resource.versions.v5.basePath };
  }
  return {};
};

const addressesOf = (addresses = {}) =>
  Object.fromEntries(
    Object.entries(addresses).map(([key, [component, api]]) => [
      key,
      { component, path: api === undefined ? '' : ownerOf(api).path },
    ]),
  );

const namesOf = (schema, wanted) =>
  Object.fromEntries(
    Object.entries(schema)
      .filter(([key, setting]) => !RESERVED.has(key) && wanted(setting))
      .map(([key, setting]) => [key, environment(key, setting)]),
  );

const declarationOf = (name, { parts, schema, declared }) => {
  const addresses = addressesOf(declared.addresses);
  const unknown = Object.entries(schema)
    .filter(([key, setting]) => isRequired(setting) && !RESERVED.has(key) && addresses[key] === undefined)
    .map(([key]) => key);
  if (unknown.length > 0) throw new Error(`tools/lib/oda.mjs does not say what ${unknown} of ${name} is.`);
  const { id, title, functionalBlock, description, required, dependents, absent = [] } = declared;
  return {
    component: name,
    id,
    title,
    functionalBlock,
    description,
    exposed: exposed(parts, required),
    dependents: dependents.map(dependent),
    absent: absent.map(dependent),
    published: published(parts),
    subscribed: subscribed(parts),
    roles: Object.keys(built('libs/platform/security').DEFAULT_ROLES).map((role) => {
      if (roles[role] === undefined) throw new Error(`tools/lib/oda.mjs does not describe the role ${role}.`);
      return { name: role, description: roles[role] };
    }),
    addresses,
    settings: namesOf(schema, ({ type }) => type !== 'secret'),
    secrets: namesOf(schema, ({ type }) => type === 'secret'),
  };
};

const text = (value) => `${JSON.stringify(value, null, 1)}\n`;

/**
 * For the chart of each component: what it declares of itself (`generated/component.json`) and the schema of its
 * values. The code must be compiled.
 */
export const chartFiles = async () => {
  for (const [name, declared] of Object.entries(components)) {
    const lib = built(`libs/components/${name}`);
    const [component, schema] = declared.exports.map((one) => lib[one]);
    all[name] = { parts: await partsOf(component, schema), schema, declared };
  }
  const suite = {
    folder: join(root, 'charts/quotebridge'),
    files: new Map([['values.schema.json', text(suiteSchema(Object.keys(all)))]]),
    amongOthers: true,
  };
  const own = Object.entries(all).flatMap(([name, one]) => {
    const folder = join(root, 'charts', `quotebridge-${name}`);
    const declaration = declarationOf(name, one);
    const schema = valuesSchema(declaration, one.schema);
    return [
      { folder: join(folder, 'generated'), files: new Map([['component.json', text(declaration)]]) },
      { folder, files: new Map([['values.schema.json', text(schema)]]), amongOthers: true },
    ];
  });
  return [suite, ...own];
};
