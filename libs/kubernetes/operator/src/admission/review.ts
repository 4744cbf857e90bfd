import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Fault, type JsonObject } from '@quotebridge/platform/core';
import { asConnector, GROUP, type Connector } from '../connector';
import type { KubeObject } from '@quotebridge/kubernetes/client';

/** What is to be said of a Connector that somebody wants to store. */
export interface Verdict {
  /** Paths are those of the spec. */
  readonly faults: readonly Fault[];
  /** What is no fault of the spec, but will keep the connector from its work. */
  readonly warnings: readonly string[];
}

/** Looks at a Connector as it would be stored. */
export type Judge = (connector: Connector) => Promise<Verdict>;

/** How a request was answered. */
export type AdmissionResult = 'allowed' | 'warned' | 'refused';

/** An answer to an AdmissionReview, and what it says in one word. */
export interface Reviewed {
  readonly answer: JsonObject;
  readonly result: AdmissionResult;
}

/** The API server cuts off what is longer. */
const LONGEST_WARNING = 250;
const MOST_WARNINGS = 10;

const sentenceOf = ({ path, message }: Fault): string => `${path} ${message}`;

/** The words are those of a refusal by the schema, so that kubectl shows both alike, each fault in a line. */
const refusal = (connector: Connector, faults: readonly Fault[]): JsonObject => ({
  allowed: false,
  status: {
    code: 422,
    reason: 'Invalid',
    message: faults.map(sentenceOf).join('; '),
    details: {
      group: GROUP,
      kind: 'Connector',
      name: connector.metadata.name ?? '',
      causes: faults.map(({ path, message }) => ({ reason: 'FieldValueInvalid', field: path, message })),
    },
  },
});

const permission = (warnings: readonly string[]): JsonObject => ({
  allowed: true,
  ...(warnings.length === 0
    ? {}
    : { warnings: warnings.slice(0, MOST_WARNINGS).map((text) => text.slice(0, LONGEST_WARNING)) }),
});

/** A Connector in a review; the API server has checked its shape, but has not named it when a name is to be made up. */
const connectorIn = (object: unknown): Connector | undefined =>
  isJsonObject(object) && isJsonObject(object['metadata']) && isJsonObject(object['spec'])
    ? asConnector(object as unknown as KubeObject)
    : undefined;

const judged = async (judge: Judge, now: Connector, before: Connector | undefined): Promise<JsonObject> => {
  const { faults, warnings } = await judge(now);
  const known = new Set(before === undefined ? [] : (await judge(before)).faults.map(sentenceOf));
  const added = faults.filter((fault) => !known.has(sentenceOf(fault)));
  if (added.length > 0) return refusal(now, added);
  return permission([...faults.map(sentenceOf), ...warnings]);
};

/**
 * Answers an AdmissionReview (admission.k8s.io/v1) of a Connector; undefined when the body is none. A Connector that is
 * being deleted, or whose spec stays as it is, is let through: its finalizers must come off whatever stands in it.
 * A fault that was there before is only a warning, so that a Connector that became wrong by an upgrade can be stopped.
 * Pure but for the judge; has no effects, so a dry run is like any other request.
 */
export const review = async (body: unknown, judge: Judge): Promise<Reviewed | undefined> => {
  const request = isJsonObject(body) ? body['request'] : undefined;
  if (!isJsonObject(request) || typeof request['uid'] !== 'string') return undefined;
  const now = connectorIn(request['object']);
  const before = connectorIn(request['oldObject']);
  const isChange = now !== undefined && !isDeepStrictEqual(now.spec, before?.spec);
  const response =
    isChange && now.metadata.deletionTimestamp === undefined
      ? await judged(judge, now, before)
      : permission([]);
  return {
    result:
      response['allowed'] !== true ? 'refused' : response['warnings'] === undefined ? 'allowed' : 'warned',
    answer: {
      apiVersion: 'admission.k8s.io/v1',
      kind: 'AdmissionReview',
      response: { uid: request['uid'], ...response },
    },
  };
};
