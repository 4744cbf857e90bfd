import { readFileSync } from 'node:fs';

/** A request as the audit log of an API server tells it. */
export interface AuditEvent {
  readonly user: { readonly username: string };
  readonly verb: string;
  readonly objectRef?: {
    readonly apiGroup?: string;
    readonly resource: string;
    readonly subresource?: string;
    readonly name?: string;
  };
  readonly responseStatus?: { readonly code: number };
  readonly requestReceivedTimestamp: string;
}

/** What the operator of a namespace has asked, by the audit log in `file`. */
export const askedByOperator = (file: string, namespace: string): readonly AuditEvent[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    // The last line may be half written.
    .slice(0, -1)
    .filter((line) => line.includes(`system:serviceaccount:${namespace}:quotebridge-operator`))
    .map((line) => JSON.parse(line) as AuditEvent);
