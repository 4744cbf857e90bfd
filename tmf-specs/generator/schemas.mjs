// Turns the classes of a model into OpenAPI component schemas. The bodies that create and patch are derived: a class
// has a variant for a body only where the body differs from the class itself, there or in a class it refers to.

const SUFFIX = { v4: { new: '_Create', patch: '_Update' }, v5: { new: '_FVO', patch: '_MVO' } };

/** The types that are no classes. */
export const PRIMITIVES = {
  string: { type: 'string' },
  integer: { type: 'integer' },
  number: { type: 'number' },
  boolean: { type: 'boolean' },
  object: { type: 'object' },
  map: { type: 'object', additionalProperties: { type: 'object' } },
  any: {},
  'date-time': { type: 'string', format: 'date-time' },
  uri: { type: 'string', format: 'uri' },
  base64: { type: 'string', format: 'base64' },
};

/** Reference to a component schema. */
export const refTo = (name) => ({ $ref: `#/components/schemas/${name}` });

const targetsOf = (model, schema) => {
  const subclasses = [...model.classes.values()].filter((other) => other.extends === schema.name);
  return [
    ...Object.values(schema.choice ?? {}),
    ...(schema.extends === undefined ? [] : [schema.extends]),
    ...schema.attributes.map((attribute) => attribute.type).filter((type) => model.classes.has(type)),
    ...subclasses.map((other) => other.name),
  ];
};

const classNamed = (model, name, from) => {
  const found = model.classes.get(name);
  if (found === undefined)
    throw new Error(`${model.api} ${model.version}: ${from} needs the class ${name}, which is not declared.`);
  return found;
};

/** All classes that are reached from the given ones, subclasses included. */
const closure = (model, roots) => {
  const reached = new Set();
  const visit = (name, from) => {
    if (reached.has(name)) return;
    reached.add(name);
    for (const target of targetsOf(model, classNamed(model, name, from))) visit(target, name);
  };
  for (const root of roots) visit(root, 'the resource table');
  return reached;
};

/** The classes that look different in a body. In v4 only the resources themselves do. */
const differing = (model, names, body) => {
  const roots = new Set(model.resources.map((resource) => resource.class));
  const found = new Set([...names].filter((name) => roots.has(name)));
  if (model.version === 'v4') return found;
  const own = (name) =>
    model.classes.get(name).attributes.some((attribute) => attribute.bodies[body] !== undefined);
  for (const name of names) if (own(name)) found.add(name);
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const name of names) {
      if (targetsOf(model, model.classes.get(name)).some((target) => found.has(target))) found.add(name);
    }
  }
  return found;
};

const withWord = (schema, word) =>
  word === undefined || schema.$ref !== undefined ? schema : { ...schema, description: word };

const attributeSchema = (model, attribute, nameIn) => {
  const { type } = attribute;
  const single = (() => {
    if (model.enums.has(type)) return { type: 'string', enum: model.enums.get(type) };
    if (PRIMITIVES[type] !== undefined) return PRIMITIVES[type];
    return refTo(nameIn(classNamed(model, type, `the attribute ${attribute.name}`).name));
  })();
  if (!attribute.list) return withWord(single, model.words[attribute.name]);
  const list = { type: 'array', items: single, ...(attribute.min > 0 ? { minItems: attribute.min } : {}) };
  return withWord(list, model.words[attribute.name]);
};

const objectSchema = (model, schema, body, nameIn) => {
  const attributes = schema.attributes.filter((attribute) => attribute.bodies[body] !== 'absent');
  const required = attributes.filter((attribute) =>
    attribute.required ? attribute.bodies[body] !== 'optional' : attribute.bodies[body] === 'required',
  );
  return {
    type: 'object',
    ...(required.length === 0 ? {} : { required: required.map((attribute) => attribute.name) }),
    properties: Object.fromEntries(
      attributes.map((attribute) => [attribute.name, attributeSchema(model, attribute, nameIn)]),
    ),
  };
};

const mappingOf = (targets, nameIn) =>
  Object.fromEntries(Object.entries(targets).map(([type, target]) => [type, refTo(nameIn(target)).$ref]));

const classSchema = (model, schema, body, nameIn, subclasses) => {
  const description = `${schema.about}.`;
  if (schema.choice !== undefined) {
    const oneOf = [...new Set(Object.values(schema.choice))].map((target) => refTo(nameIn(target)));
    return {
      description,
      oneOf,
      discriminator: { propertyName: '@type', mapping: mappingOf(schema.choice, nameIn) },
    };
  }
  const own = objectSchema(model, schema, body, nameIn);
  if (schema.extends !== undefined) return { description, allOf: [refTo(nameIn(schema.extends)), own] };
  if (subclasses.length === 0) return { description, ...own };
  const targets = Object.fromEntries([schema.name, ...subclasses].map((name) => [name, name]));
  return {
    description,
    ...own,
    discriminator: { propertyName: '@type', mapping: mappingOf(targets, nameIn) },
  };
};

const eventSchemas = ({ events }) =>
  events.flatMap(({ type, payload }) => {
    const about = Object.fromEntries(
      Object.entries(payload).map(([name, { target, list }]) => [
        name,
        list ? { type: 'array', items: refTo(target) } : refTo(target),
      ]),
    );
    const event = { type: 'object', properties: { event: refTo(`${type}Payload`) } };
    return [
      [`${type}Payload`, { description: `What ${type} is about.`, type: 'object', properties: about }],
      [type, { description: `Event ${type}.`, allOf: [refTo('Event'), event] }],
    ];
  });

/** Classes that operations use besides the resources. */
const SERVICE_CLASSES = {
  v4: ['Error', 'EventSubscription', 'EventSubscriptionInput', 'Event', 'JsonPatch'],
  v5: ['Error', 'Hub', 'Event', 'JsonPatch'],
};

/** Name of the component that a body of a class is declared by. */
export const bodyName = (model, name, body) => `${name}${SUFFIX[model.version][body]}`;

/** All component schemas of a model, sorted by name. */
export const schemasOf = (model) => {
  const names = closure(model, [
    ...model.resources.map((resource) => resource.class),
    ...model.resources.flatMap(({ events }) =>
      events.flatMap(({ payload }) => Object.values(payload).map(({ target }) => target)),
    ),
    ...SERVICE_CLASSES[model.version],
  ]);
  const patched = new Set(
    model.resources
      .filter(({ operations }) => operations.includes('patch'))
      .map((resource) => resource.class),
  );
  const unpatchable = (name) =>
    model.resources.some((resource) => resource.class === name) && !patched.has(name);
  const out = model.resources.flatMap((resource) => eventSchemas(resource));
  // In the order of the model, which is also the order in which a value without @type is matched.
  const subclassesOf = (name) =>
    [...model.classes.keys()].filter(
      (other) => names.has(other) && model.classes.get(other).extends === name,
    );
  const emit = (name, body, nameIn) => {
    const schema = classSchema(model, model.classes.get(name), body, nameIn, subclassesOf(name));
    out.push([nameIn(name), schema]);
  };
  for (const name of names) emit(name, undefined, (target) => target);
  for (const body of ['new', 'patch']) {
    const different = differing(model, names, body);
    const nameIn = (target) => (different.has(target) ? bodyName(model, target, body) : target);
    for (const name of different) if (body === 'new' || !unpatchable(name)) emit(name, body, nameIn);
  }
  return Object.fromEntries(out.sort(([a], [b]) => (a < b ? -1 : 1)));
};
