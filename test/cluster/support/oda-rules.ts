import type { KubeObject } from '@quotebridge/kubernetes/client';

interface Api {
  readonly id?: string;
  readonly name: string;
  readonly apiType?: string;
  readonly implementation?: string;
  readonly path?: string;
  readonly port?: number;
  readonly specification?: readonly (Omit<Api, 'id' | 'name'> & { url?: string; version?: string })[];
}

interface Segment {
  readonly exposedAPIs?: readonly Api[];
  readonly dependentAPIs?: readonly Api[];
}

interface ComponentSpec {
  readonly componentMetadata?: { readonly id?: string; readonly publicationDate?: string };
  readonly coreFunction?: Segment;
  readonly managementFunction?: Segment;
  readonly securityFunction?: Segment & { readonly canvasSystemRole?: string };
  readonly eventNotification?: {
    readonly publishedEvents?: readonly Api[];
    readonly subscribedEvents?: readonly Api[];
  };
}

/** What TM Forum's inventory says of a component: ids, and of which major versions one must be there. */
export interface Standard {
  readonly id: string;
  readonly exposed: readonly string[];
  readonly dependent: readonly string[];
}

/** The conformance profiles, as far as the static part of the conformance kit looks at them. */
export const STANDARDS: Readonly<Record<string, Standard>> = {
  'product-catalog': { id: 'TMFC001', exposed: ['TMF620'], dependent: [] },
  quote: { id: 'TMFC002', exposed: [], dependent: ['TMF620', 'TMF637'] },
  'product-order': {
    id: 'TMFC003',
    exposed: ['TMF622'],
    dependent: ['TMF620', 'TMF622', 'TMF637', 'TMF641'],
  },
  'product-inventory': { id: 'TMFC005', exposed: ['TMF637'], dependent: ['TMF620'] },
  customer: { id: 'TMFC028', exposed: ['TMF632'], dependent: ['TMF669'] },
  sales: { id: 'TMFC036', exposed: ['TMF699'], dependent: [] },
};

const COMPONENT_LABEL = 'oda.tmforum.org/componentName';
const DNS_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const MAJORS = ['v4', 'v5'];

type Check = (component: KubeObject, spec: ComponentSpec, all: readonly KubeObject[]) => readonly string[];

const idsOf = (apis: readonly Api[] = []): readonly (string | undefined)[] => apis.map(({ id }) => id);
const when = (wrong: boolean, fault: string): readonly string[] => (wrong ? [fault] : []);

/** Each way to reach an API: what stands in a specification goes before what stands at the root. */
const waysOf = (api: Api) => (api.specification ?? []).map((one) => ({ ...api, ...one }));

const shape: Check = ({ apiVersion, kind, metadata }, spec) => [
  ...when(apiVersion !== 'oda.tmforum.org/v1' || kind !== 'Component', `${apiVersion} ${kind}`),
  ...when(metadata.labels?.[COMPONENT_LABEL] !== metadata.name, 'the label is not the name'),
  ...(['coreFunction', 'managementFunction', 'securityFunction'] as const).flatMap((name) =>
    when(
      !Array.isArray(spec[name]?.exposedAPIs) || !Array.isArray(spec[name]?.dependentAPIs),
      `${name} lacks an array`,
    ),
  ),
  ...when(!Array.isArray(spec.eventNotification?.publishedEvents), 'publishedEvents is no array'),
  ...when(!Array.isArray(spec.eventNotification?.subscribedEvents), 'subscribedEvents is no array'),
  ...when((spec.securityFunction?.canvasSystemRole ?? '') === '', 'no canvasSystemRole'),
  ...when(!DATE_TIME.test(spec.componentMetadata?.publicationDate ?? ''), 'publicationDate is no time'),
];

const names: Check = (_component, { coreFunction, eventNotification }) =>
  [
    ...(coreFunction?.exposedAPIs ?? []),
    ...(coreFunction?.dependentAPIs ?? []),
    ...(eventNotification?.publishedEvents ?? []),
    ...(eventNotification?.subscribedEvents ?? []),
  ].flatMap(({ name }) => when(!DNS_NAME.test(name), `${name} cannot be part of a name`));

const reachable: Check = ({ metadata }, { coreFunction, managementFunction }, all) => {
  const ways = [
    ...(coreFunction?.exposedAPIs ?? []).flatMap(waysOf),
    ...(managementFunction?.exposedAPIs ?? []),
  ];
  const paths = ways.map(({ path }) => path);
  const isServed = ({ implementation, port }: Api): boolean =>
    all.some(
      (object) =>
        object.kind === 'Service' &&
        object.metadata.name === implementation &&
        object.metadata.labels?.[COMPONENT_LABEL] === metadata.name &&
        (object.spec?.['ports'] as { port: number }[]).some((one) => one.port === port),
    );
  return [
    ...ways.flatMap((way) => [
      ...when(way.path?.startsWith(`/${metadata.name}/`) !== true, `${way.path} is not below the name`),
      ...when(!isServed(way), `no Service ${way.implementation}:${way.port}`),
      ...when(way.apiType === undefined, `${way.name} has no apiType`),
    ]),
    ...when(new Set(paths).size !== paths.length, 'two APIs have one path'),
  ];
};

const specified: Check = (_component, { coreFunction, securityFunction }) =>
  [
    ...(coreFunction?.exposedAPIs ?? []),
    ...(coreFunction?.dependentAPIs ?? []),
    ...(securityFunction?.exposedAPIs ?? []),
  ].flatMap((api) => [
    ...when((api.specification ?? []).length === 0, `${api.name} has no specification`),
    ...(api.specification ?? []).flatMap(({ url, version }) => [
      ...when(!/^https?:\/\//.test(url ?? ''), `${api.name} has no document`),
      ...when(!/^v\d+\.\d+\.\d+$/.test(version ?? ''), `${api.name} has the version ${version}`),
    ]),
  ]);

const bothVersions: Check = (_component, { coreFunction }) =>
  (coreFunction?.exposedAPIs ?? [])
    .filter(({ id }) => id?.startsWith('TMF') === true)
    .flatMap(({ name, specification = [] }) => {
      const majors = specification.map(({ version = '' }) => version.split('.')[0]);
      return when(!MAJORS.every((major) => majors.includes(major)), `${name} is there as ${majors} only`);
    });

const labelled: Check = ({ metadata }, _spec, all) =>
  all
    .filter((object) => object.metadata.labels?.[COMPONENT_LABEL] !== metadata.name)
    .map(({ kind, metadata: { name } }) => `${kind} ${name} is not labelled`);

/** What the conformance kit and a Canvas would not accept of a component, all of it; empty for a good one. */
export const odaFaults = (all: readonly KubeObject[], standard?: Standard): readonly string[] => {
  const components = all.filter(({ kind }) => kind === 'Component');
  const [component] = components;
  if (component === undefined || components.length > 1) return [`${components.length} Components`];
  const spec = (component.spec ?? {}) as ComponentSpec;
  const checks = [shape, names, reachable, specified, bothVersions, labelled];
  const { coreFunction, componentMetadata } = spec;
  return [
    ...checks.flatMap((check) => check(component, spec, all)),
    ...(standard === undefined
      ? []
      : [
          ...when(componentMetadata?.id !== standard.id, `the id is ${componentMetadata?.id}`),
          ...standard.exposed.flatMap((id) =>
            when(!idsOf(coreFunction?.exposedAPIs).includes(id), `${id} is not exposed`),
          ),
          ...standard.dependent.flatMap((id) =>
            when(!idsOf(coreFunction?.dependentAPIs).includes(id), `${id} is not among the dependents`),
          ),
        ]),
  ];
};
