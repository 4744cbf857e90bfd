/** What can be told of. */
export type AlertKind = 'runFailed' | 'orderRefused' | 'orderFailed' | 'deadLetter' | 'callFailed';

/** Something failed and somebody should know. */
export interface Alert {
  /** The same however often the failure is heard of. */
  readonly id: string;
  readonly kind: AlertKind;
  /** Where it failed; alerts of one kind and source are throttled together. */
  readonly source: string;
  /** When it failed, date-time. */
  readonly at: string;
  /** What the text can name; without secrets and personal data. */
  readonly facts: Readonly<Record<string, string>>;
}

/** The facts that each kind of alert brings, beside `source` and `at`. */
export const FACTS: Readonly<Record<AlertKind, readonly string[]>> = {
  runFailed: ['instance', 'stream', 'run', 'tries', 'error'],
  orderRefused: ['order', 'orderNumber', 'state', 'reason'],
  orderFailed: ['order', 'orderNumber', 'state', 'reason'],
  deadLetter: ['consumer', 'subject', 'tries', 'reason'],
  callFailed: ['operation', 'version', 'status', 'errorId', 'caller', 'order'],
};
