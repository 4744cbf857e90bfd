import type { JsonObject } from '@quotebridge/platform/core';
import type { IngestRecord } from '@quotebridge/platform/events';

/** A TMF event as an action sees it. `resource` is the whole resource of the event, v5 shape. */
export interface ActionEvent {
  readonly eventId: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly resource: JsonObject & { readonly id: string };
}

/** What goes back to a component after an action. */
export interface ActionResult {
  readonly resource: string;
  readonly record: IngestRecord;
}

/** An action's own refusal, found before anything is sent: treated like a refusal of the outside system. */
export class ActionRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ActionRefused';
  }
}

/** Something a connector does in the outside system when an event comes. */
export interface Action {
  readonly name: string;
  readonly title: string;
  /** Subjects of the events that trigger it. */
  readonly subjects: readonly string[];
  /** `once`: one effect per key for ever (an order). `latest`: the newest event of a key wins (fields to keep in step). */
  readonly effect: 'once' | 'latest';
  /** What the effect belongs to, for example the order's id; undefined when the event does not concern this system. */
  key(event: ActionEvent): string | undefined | Promise<string | undefined>;
  /** The effect as it is already there, or undefined. Asked before every send. */
  lookup(event: ActionEvent): Promise<JsonObject | undefined>;
  /** Causes the effect and returns it. Throws `CallFailed`; an ambiguous one is followed by look-ups. */
  send(event: ActionEvent): Promise<JsonObject>;
  /** Pure: what to tell the components about the effect. */
  results(event: ActionEvent, effect: JsonObject): readonly ActionResult[];
  /** Pure: what to tell the components when the outside system refuses. */
  refused?(event: ActionEvent, reason: string, at: string): readonly ActionResult[];
  /**
   * What is asked for, as a text. While it stands refused, other events that ask for the same are left alone: what `refused` tells a
   * resource is such an event itself, and would be refused without end. The event that was refused is tried again when it comes again.
   */
  asks?(event: ActionEvent): string | Promise<string>;
  /** True when people hear of a refusal by what `refused` tells (an order says so itself), not by the dead letter. */
  readonly tellsRefusal?: true;
}
