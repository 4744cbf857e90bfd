import type { JsonObject } from '@quotebridge/platform/core';

/** The text of a JSON object. */
export const textOf = (part: JsonObject | JsonText | string): string =>
  typeof part === 'string' ? part : part instanceof JsonText ? part.text : JSON.stringify(part);

/** A JSON object that is text already, so that a large one is not read and written again only to be passed on. */
export class JsonText {
  private constructor(readonly text: string) {}

  /** An object with the members of all of these; of a member that several have the last counts. */
  static of(...parts: readonly (JsonObject | JsonText | string)[]): JsonText {
    const members = parts
      .map((part) => textOf(part).trim().slice(1, -1))
      .filter((text) => text.trim() !== '');
    return new JsonText(`{${members.join(',')}}`);
  }
}
