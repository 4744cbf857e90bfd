// Reads the models and lays an API's own classes and amendments over the common ones.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PRIMITIVES } from './schemas.mjs';
import { applyMarks, forVersion, parseAttribute, parseEnum } from './notation.mjs';

const EXTENSION = [
  ['@type', 'string v5!'],
  ['@baseType', 'string'],
  ['@schemaLocation', 'uri'],
];
const ENTITY = [
  ['id', 'string'],
  ['href', 'uri'],
];
const RESOURCE = [
  ['id', 'string v4-new -patch'],
  ['href', 'uri -new -patch'],
];
const REFERENCE = [
  ['id', 'string!'],
  ['href', 'uri'],
  ['name', 'string'],
  ['@referredType', 'string'],
];

/** What a class has by its kind (`is:`) before its own attributes, which may say it again in another way. */
const KINDS = {
  plain: [],
  part: EXTENSION,
  entity: [...EXTENSION, ...ENTITY],
  resource: [...EXTENSION, ...RESOURCE],
  ref: [...EXTENSION, ...REFERENCE],
};

const readYaml = (file) => parse(readFileSync(file, 'utf8'));

const readCommon = (folder) => {
  const common = { classes: {}, enums: {}, words: {} };
  for (const file of readdirSync(join(folder, 'common')).sort()) {
    const part = readYaml(join(folder, 'common', file));
    if (file === 'words.yaml') Object.assign(common.words, part);
    else Object.assign(common, merge(common, part, file));
  }
  checkClosed(common);
  return common;
};

/** Every API uses the common classes, so they may lean on nothing that only one API declares. */
const checkClosed = ({ classes, enums }) => {
  const declared = new Set([...Object.keys(classes).map((key) => key.split('@')[0]), ...Object.keys(enums)]);
  for (const version of ['v4', 'v5']) {
    for (const { name, choice, attributes } of classesOf(classes, version).values()) {
      const types = [...Object.values(choice ?? {}), ...attributes.map((attribute) => attribute.type)];
      const unknown = types.find((type) => !(type in PRIMITIVES) && !declared.has(type));
      if (unknown !== undefined)
        throw new Error(`The common class ${name} needs ${unknown}, which is not common.`);
    }
  }
};

const referenceClasses = (references = {}) =>
  Object.fromEntries(Object.entries(references).map(([name, about]) => [name, { about, is: 'ref' }]));

const merge = (base, part, file) => {
  const classes = { ...referenceClasses(part.references), ...part.classes };
  for (const name of Object.keys(classes)) {
    if (name in base.classes) throw new Error(`${file}: the class ${name} exists already; use "amendments".`);
  }
  return { ...base, classes: { ...base.classes, ...classes }, enums: { ...base.enums, ...part.enums } };
};

const amend = (classes, amendments = {}, file) => {
  const out = { ...classes };
  for (const [name, change] of Object.entries(amendments)) {
    if (!(name in out)) throw new Error(`${file}: there is no class ${name} to amend.`);
    out[name] = {
      ...out[name],
      ...change,
      attributes: { ...out[name].attributes, ...change.attributes },
    };
  }
  return out;
};

const attributesOf = (name, source, version) => {
  const kind = KINDS[source.extends === undefined ? (source.is ?? 'part') : 'plain'];
  if (kind === undefined) throw new Error(`${name}: the kind "${source.is}" is unknown.`);
  const lines = new Map([...kind, ...Object.entries(source.attributes ?? {})]);
  return [...lines].flatMap(([attribute, text]) => {
    const parsed = parseAttribute(attribute, text, version, `${name}.${attribute}`);
    return parsed === undefined ? [] : [parsed];
  });
};

/** The classes a `valueTypes` line stands for: one per type of value, single and as a list. */
const valueClasses = (name, source, version) =>
  (forVersion(source.valueTypes, version) ?? []).flatMap((type) =>
    [false, true].map((list) => {
      const value = parseAttribute('value', valueLine(type, list), version, name);
      if (source.valueMarks !== undefined) applyMarks(value, source.valueMarks, version, name);
      return {
        name: `${type[0].toUpperCase()}${type.slice(1)}${list ? 'Array' : ''}${name}`,
        about: `${source.about}; the value is ${list ? 'a list of' : 'of type'} ${type}`,
        extends: name,
        attributes: [value],
      };
    }),
  );

const valueLine = (type, list) => {
  if (type === 'map' && list) return 'MapValue[]';
  const known = type === 'float' ? 'number' : type;
  return list ? `${known}[]` : known;
};

/** A name may be written `Name@v4`, where a class has little in common in the two versions. */
const classesOf = (sources, version) => {
  const classes = new Map();
  for (const [key, source] of Object.entries(sources)) {
    const [name, only] = key.split('@');
    if (only !== undefined && only !== version) continue;
    const choice = Array.isArray(source.choice)
      ? Object.fromEntries(source.choice.map((target) => [target, target]))
      : source.choice;
    classes.set(name, {
      name,
      about: source.about,
      extends: source.extends,
      choice,
      attributes: choice === undefined ? attributesOf(name, source, version) : [],
    });
    for (const derived of valueClasses(name, source, version)) classes.set(derived.name, derived);
  }
  return classes;
};

/** What an event carries: attribute → class, or `Class[]` for a list of them. */
const payloadOf = (source) =>
  Object.fromEntries(
    Object.entries(source).map(([name, text]) => [
      name,
      { target: text.replace('[]', ''), list: text.endsWith('[]') },
    ]),
  );

/** The events of a resource; the payload is the resource under its name unless the model says otherwise. */
const eventsOf = (name, resource, version) =>
  (forVersion(resource.events, version) ?? []).map((event) => ({
    listener: `${name}${event}Event`,
    type: `${name[0].toUpperCase()}${name.slice(1)}${event}Event`,
    payload: payloadOf(resource.payloads?.[version]?.[event] ?? { [name]: resource.class }),
  }));

const resourcesOf = (source, version) =>
  Object.entries(source.resources)
    .filter(([, resource]) => resource.in === undefined || resource.in === version)
    .map(([name, resource]) => ({
      name,
      class: resource.class,
      operations: resource.operations ?? ['list', 'create', 'read', 'patch', 'delete'],
      parameters: resource.parameters ?? [],
      alsoCreatedWith: forVersion(resource.alsoCreatedWith, version) ?? [],
      events: eventsOf(name, resource, version),
    }));

const dropFromPatches = (classes, resources, names = []) => {
  for (const { class: name } of resources) {
    for (const attribute of classes.get(name).attributes) {
      if (names.includes(attribute.name)) attribute.bodies.patch = 'absent';
    }
  }
};

/** One API in one version: its resources, classes, enumerations and the words for its attributes. */
const modelOf = (source, common, version, file) => {
  const merged = merge(common, source, file);
  const classes = classesOf(amend(merged.classes, source.amendments, file), version);
  const resources = resourcesOf(source, version);
  dropFromPatches(classes, resources, source.neverPatched?.[version]);
  return {
    api: source.api,
    version,
    title: source.title,
    about: source.about,
    standard: source.versions[version].standard,
    base: source.versions[version].base,
    resources,
    classes,
    enums: new Map(Object.entries(merged.enums).map(([name, values]) => [name, parseEnum(values, version)])),
    words: common.words,
  };
};

/** Every model of the folder, API by API and version by version. */
export const readModels = (folder) => {
  const common = readCommon(folder);
  return readdirSync(folder)
    .filter((file) => /^TMF\d+\.yaml$/.test(file))
    .sort()
    .flatMap((file) => {
      const source = readYaml(join(folder, file));
      return Object.keys(source.versions).map((version) => modelOf(source, common, version, file));
    });
};
