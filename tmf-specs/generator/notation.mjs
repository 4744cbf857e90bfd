// The notation of the models: one attribute is one line of text, "type marks".
//
//   string            text; also integer, number, boolean, any, object, map, date-time, uri, base64
//   Money             another class or an enumeration
//   Note[]            a list; Note[1..] has at least one item
//   string!           required in every body of both versions
//   v4!  v5!          required in every body of that version
//   !new  !patch      required in the body that creates or patches
//   ?new  ?patch      required elsewhere, but not in that body
//   -new  -patch      not part of that body
//   v4  v5            exists in that version only; before a mark (v5!new) it limits the mark
//
// Where the type itself differs, the attribute is { v4: …, v5: … }.

const LINE = /^(?<type>[\w-]+)(?<list>\[(?:(?<min>\d+)\.\.)?\])?(?<required>!)?(?:\s+(?<marks>.+))?$/;
const MARK = /^(?<version>v4|v5)?(?<sign>[!?-])?(?<body>new|patch)?$/;

/** The names of the two bodies that a client sends, as the marks name them. */
const BODIES = ['new', 'patch'];

const SIGNS = { '!': 'required', '?': 'optional', '-': 'absent' };

const applyMark = (attribute, mark, version, where) => {
  const match = MARK.exec(mark);
  if (match === null) throw new Error(`${where}: the mark "${mark}" is unknown.`);
  const { version: only, sign, body } = match.groups;
  if (only !== undefined && only !== version) {
    if (sign === undefined) attribute.absent = true;
    return;
  }
  if (sign === undefined) return;
  if (sign === '!' && body === undefined) attribute.required = true;
  else if (body === undefined) throw new Error(`${where}: the mark "${mark}" names no body.`);
  else attribute.bodies[body] = SIGNS[sign];
};

/** Reads the marks of an attribute into it. */
export const applyMarks = (attribute, marks, version, where) => {
  for (const mark of marks.split(/\s+/)) applyMark(attribute, mark, version, where);
};

/**
 * One attribute as the version sees it: { name, type, list, min, required, bodies: { new?, patch? } },
 * or undefined when the version does not have it.
 */
export const parseAttribute = (name, text, version, where) => {
  const line = typeof text === 'string' ? text : text[version];
  if (line === undefined) return undefined;
  const match = LINE.exec(line);
  if (match === null) throw new Error(`${where}: "${line}" is not an attribute. See notation.mjs.`);
  const { type, list, min, required, marks } = match.groups;
  const attribute = {
    name,
    type,
    list: list !== undefined,
    min: Number(min ?? 0),
    required: required !== undefined,
    absent: false,
    bodies: {},
  };
  if (marks !== undefined) applyMarks(attribute, marks, version, where);
  return attribute.absent ? undefined : attribute;
};

/** The values of an enumeration in a version; "draft v5" exists in that version only. */
export const parseEnum = (values, version) =>
  values.flatMap((value) => {
    const match = /^(?<word>.+) (?<only>v4|v5)$/.exec(value);
    if (match === null) return [value];
    return match.groups.only === version ? [match.groups.word] : [];
  });

/** What is given once for both versions or apart for each. */
export const forVersion = (value, version) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value[version] : value;

export { BODIES };
