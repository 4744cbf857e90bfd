import { Refusal, type Json } from '@quotebridge/platform/core';
import { CannotOpen, type FieldKeys } from '@quotebridge/platform/security';
import {
  isSealed,
  sealedBytes,
  toSealed,
  type IndexSpec,
  type OutboxEvent,
} from '@quotebridge/platform/store';
import type { EncryptedField, ResourceDefinition } from '../definition';
import { publicId, type StoredResource } from '../stored';

/** Attribute with what stands for the searchable values of a document; one list for each path. */
const BLIND = '_blind';
/** Attribute with the id of the key that a document was sealed with. */
export const KEY_OF = '_key';

type Change = (value: unknown) => unknown;

/** The value with what stands at a path changed, through every list on the way; the very same where nothing is there. */
const changedAt = (value: unknown, steps: readonly string[], change: Change): unknown => {
  if (Array.isArray(value)) {
    const changed = value.map((entry: unknown) => changedAt(entry, steps, change));
    return changed.some((entry, at) => entry !== value[at]) ? changed : value;
  }
  const [name, ...rest] = steps;
  if (name === undefined || typeof value !== 'object' || value === null || isSealed(value)) return value;
  const held = (value as Record<string, unknown>)[name];
  if (held === undefined || held === null) return value;
  // A list at the end of a path is sealed as a whole.
  const changed = rest.length === 0 ? change(held) : changedAt(held, rest, change);
  return changed === held ? value : { ...value, [name]: changed };
};

const blindName = (path: string): string => path.replaceAll('.', '/');

/** Path of the stand-ins of a searchable path. */
export const blindPath = (path: string): string => `${BLIND}.${blindName(path)}`;

/** Seals the declared fields of one kind of resource on their way into the store and opens them on their way out. */
export class FieldCipher {
  private readonly fields: readonly (EncryptedField & { readonly steps: readonly string[] })[];

  constructor(
    private readonly resource: string,
    fields: readonly EncryptedField[],
    /** Without keys nothing is sealed, and what is sealed cannot be read. */
    private readonly keys: FieldKeys | undefined,
  ) {
    this.fields = fields.map((field) => ({ ...field, steps: field.path.split('.') }));
  }

  /** The cipher of a resource; undefined for one without such fields, which costs nothing then. */
  static of(
    { name, encrypted = [] }: ResourceDefinition,
    keys: FieldKeys | undefined,
  ): FieldCipher | undefined {
    return encrypted.length === 0 ? undefined : new FieldCipher(name, encrypted, keys);
  }

  /** Id of the key that seals; undefined when nothing is sealed. */
  get keyId(): string | undefined {
    return this.keys?.currentId;
  }

  /** The document as it is stored; the one that was given stays as it is. */
  seal(document: StoredResource): StoredResource {
    const { keys } = this;
    if (keys === undefined) return document;
    const blind: Record<string, string[]> = {};
    let sealed: unknown = document;
    for (const { path, steps, searchable } of this.fields) {
      const place = this.placeOf(document._id, path);
      const found = new Set<string>();
      sealed = changedAt(sealed, steps, (value) => {
        const text = JSON.stringify(value);
        if (searchable) found.add(this.standIns(path, value as Json)[0] ?? '');
        return toSealed(keys.seal(text, place));
      });
      if (found.size > 0) blind[blindName(path)] = [...found];
    }
    const { [BLIND]: _, ...rest } = sealed as StoredResource;
    const events = document._outbox;
    return {
      ...(rest as StoredResource),
      ...(Object.keys(blind).length === 0 ? {} : { [BLIND]: blind }),
      [KEY_OF]: keys.currentId,
      ...(events === undefined ? {} : { _outbox: this.sealEvents(events) }),
    };
  }

  /** The document as it was before it was stored. Throws a Refusal with 500 when a key is missing. */
  open(document: StoredResource): StoredResource {
    let opened: unknown = document;
    for (const { path, steps } of this.fields) {
      const place = this.placeOf(document._id, path);
      opened = changedAt(opened, steps, (value) =>
        isSealed(value) ? (JSON.parse(this.openBytes(sealedBytes(value), place)) as Json) : value,
      );
    }
    return opened as StoredResource;
  }

  /** Events as they wait in the store: what they tell holds the same fields. */
  sealEvents(events: readonly OutboxEvent[]): OutboxEvent[] {
    return events.map((event) => ({
      ...event,
      body: this.sealText(event.body, eventPlace(event.id)) as string,
    }));
  }

  /** A text that is kept beside the resource, for example an answer that may be given again. */
  sealText(text: string, place: string): unknown {
    return this.keys === undefined ? text : toSealed(this.keys.seal(text, place));
  }

  /** See {@link FieldCipher.sealText}. */
  openText(kept: unknown, place: string): string {
    return isSealed(kept) ? this.openBytes(sealedBytes(kept), place) : String(kept);
  }

  /** What stands for a value of a searchable path, by every key. */
  standIns(path: string, value: Json): readonly string[] {
    return this.keys?.blind(JSON.stringify(value), `${this.resource}/${path}`) ?? [];
  }

  /** The declared field that a path is or leads into; undefined when nothing is sealed. */
  fieldAt(path: string): EncryptedField | undefined {
    if (this.keys === undefined) return undefined;
    return this.fields.find((field) => path === field.path || path.startsWith(`${field.path}.`));
  }

  private placeOf(id: string, path: string): string {
    return `${this.resource}/${publicId(id)}/${path}`;
  }

  private openBytes(sealed: Uint8Array, place: string): string {
    return openField(this.keys, sealed, place);
  }
}

const eventPlace = (id: string): string => `event/${id}`;

const openField = (keys: FieldKeys | undefined, sealed: Uint8Array, place: string): string => {
  try {
    if (keys === undefined)
      throw new CannotOpen(`A field at ${place} is sealed, and there are no FIELD_KEYS`);
    return keys.open(sealed, place);
  } catch (thrown) {
    if (!(thrown instanceof CannotOpen)) throw thrown;
    throw new Refusal(
      500,
      'cannotOpen',
      'A protected field cannot be read; the operator must look at FIELD_KEYS',
      {
        cause: thrown,
      },
    );
  }
};

/** An event that waited in the store, as it is published. */
export const openEvent = (keys: FieldKeys | undefined, event: OutboxEvent): OutboxEvent => {
  const body: unknown = event.body;
  return isSealed(body)
    ? { ...event, body: openField(keys, sealedBytes(body), eventPlace(event.id)) }
    : event;
};

/** The indexes of a resource as they are made: where values are sealed, what stands for them is indexed. */
export const storedIndexes = (
  { indexes, encrypted = [] }: Pick<ResourceDefinition, 'indexes' | 'encrypted'>,
  keys: FieldKeys | undefined,
): readonly IndexSpec[] => {
  if (keys === undefined || encrypted.length === 0) return indexes;
  const isUseless = (path: string): boolean => encrypted.some((field) => field.path === path);
  return [
    ...indexes.filter((index) => !Object.keys(index.keys).some(isUseless)),
    ...encrypted
      .filter(({ searchable }) => searchable)
      .map(({ path }): IndexSpec => ({ keys: { [blindPath(path)]: 1 }, options: { sparse: true } })),
  ];
};
