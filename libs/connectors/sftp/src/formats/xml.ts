import { SaxesParser } from 'saxes';
import type { Json, JsonObject } from '@quotebridge/platform/core';
import { FileProblem, tooLarge, type ParsedRecord, type ParserLimits, type RecordParser } from './parsed';

interface Element {
  readonly name: string;
  readonly value: JsonObject;
  text: string;
}

const add = (parent: JsonObject, name: string, value: Json): void => {
  const before = Object.hasOwn(parent, name) ? parent[name] : undefined;
  const next = before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  Object.defineProperty(parent, name, { value: next, enumerable: true, configurable: true, writable: true });
};

/** An element without attributes and children is its text; else an object with `@attribute` and `#text`. */
const valueOf = ({ value, text }: Element): Json => {
  const words = text.trim();
  if (Object.keys(value).length === 0) return words;
  if (words !== '') add(value, '#text', words);
  return value;
};

/**
 * Records of an XML document: the elements at a path of names from the root. Document types are refused, because
 * entities defined there could grow without bounds; depth and size of a record are limited.
 */
export const xmlParser = (path: string, { recordBytes, depth }: ParserLimits): RecordParser => {
  const wanted = path.split('/').filter((name) => name !== '');
  const parser = new SaxesParser();
  const open: string[] = [];
  const record: Element[] = [];
  let size = 0;
  let length = 0;
  let line = 1;
  let number = 0;
  let done: ParsedRecord[] = [];
  let problem: FileProblem | undefined;
  let rootSeen = false;
  // What the parser holds until the next event: a text or attribute without end must not grow without bounds.
  let held = 0;
  const refuse = (message: string): void => {
    problem ??= new FileProblem('refused', message);
  };
  const grow = (by: number): void => {
    size += by;
    if (record.length > 0 && size > recordBytes) problem ??= tooLarge(line, recordBytes);
  };
  const isHere = (): boolean =>
    open.length === wanted.length && open.every((name, index) => name === wanted[index]);

  parser.on('doctype', () => refuse('The file has a document type; files with one are not read'));
  parser.on('error', (error) => {
    // The parser reports an early end as an error as well; `end` tells which it was.
    problem ??= new FileProblem(
      parser.closed ? 'partial' : 'refused',
      `The file is no XML: ${error.message}`,
    );
  });
  parser.on('opentag', ({ name, attributes }) => {
    held = 0;
    rootSeen = true;
    open.push(name);
    if (open.length > depth) refuse(`The file is nested deeper than ${depth} levels, at line ${parser.line}`);
    if (record.length === 0 && !isHere()) return;
    if (record.length === 0) {
      size = 0;
      line = parser.line;
    }
    const element: Element = { name, value: {}, text: '' };
    for (const [key, value] of Object.entries(attributes)) {
      grow(key.length + value.length);
      add(element.value, `@${key}`, value);
    }
    record.push(element);
    grow(name.length);
  });
  const onText = (text: string): void => {
    const element = record.at(-1);
    if (element === undefined) return;
    grow(text.length);
    if (problem === undefined) element.text += text;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    held = 0;
    open.pop();
    const element = record.pop();
    if (element === undefined) return;
    const parent = record.at(-1);
    const value = valueOf(element);
    if (parent !== undefined) return add(parent.value, element.name, value);
    number += 1;
    done.push({
      number,
      line,
      data: typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { '#text': value },
    });
  });
  const take = (): ParsedRecord[] => {
    if (problem !== undefined) throw problem;
    const records = done;
    done = [];
    return records;
  };
  return {
    push: (text) => {
      length += text.length;
      held += text.length;
      parser.write(text);
      if (held > recordBytes + text.length) problem ??= tooLarge(parser.line, recordBytes);
      return take();
    },
    end: () => {
      const wasOpen = open.length > 0 || !rootSeen;
      if (wasOpen && problem === undefined)
        throw new FileProblem('partial', `The XML ends too early, after ${length} signs`);
      parser.close();
      return take();
    },
  };
};
