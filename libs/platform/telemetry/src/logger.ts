import { trace, type Context } from '@opentelemetry/api';
import { maskPersonal, maskText } from '@quotebridge/platform/security';
import { pino, type DestinationStream, type Logger as Pino } from 'pino';

/** How much is written: each level includes those after it. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Facts of a log record. `context` becomes `trace_id` and `span_id`; everything is masked before it is written. */
export interface LogFields {
  readonly context?: Context | undefined;
  /** The unique id that the caller saw in an error answer. */
  readonly errorId?: string | undefined;
  readonly [name: string]: unknown;
}

/** Writes records of one JSON line each. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** A logger that adds these fields to each of its records. */
  child(fields: LogFields): Logger;
}

/** Settings of {@link createLogger}. */
export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Where the lines go; standard output unless given. */
  readonly destination?: DestinationStream;
}

/** Names that the record itself uses; a field of that name gets a `_` behind it, so that none is written twice. */
const RESERVED = new Set(['level', 'time', 'service', 'message', 'trace_id', 'span_id']);

/** The name to write a field under. pino looks field names up in plain objects, so inherited names break it. */
const safeName = (name: string): string =>
  RESERVED.has(name) || name in Object.prototype ? `${name}_` : name;

const prepared = ({ context, ...fields }: LogFields): Record<string, unknown> => {
  const span = context === undefined ? undefined : trace.getSpanContext(context);
  const masked = Object.fromEntries(
    Object.entries(maskPersonal(fields)).map(([name, value]) => [safeName(name), value]),
  );
  return span === undefined ? masked : { trace_id: span.traceId, span_id: span.spanId, ...masked };
};

const wrap = (target: Pino): Logger => {
  const writer =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: LogFields, message: string): void => {
      // Masking costs more than writing, so it waits until the record is known to be wanted.
      if (target.isLevelEnabled(level)) target[level](prepared(fields), maskText(message));
    };
  return {
    debug: writer('debug'),
    info: writer('info'),
    warn: writer('warn'),
    error: writer('error'),
    child: (fields) => wrap(target.child(prepared(fields))),
  };
};

/**
 * The logger of a process: one JSON object per line with time (ISO 8601), level as a word, service and message.
 * Secrets and personal data are masked by name and by pattern.
 */
export const createLogger = ({ service, level, destination }: LoggerOptions): Logger => {
  const options = {
    level,
    base: { service },
    messageKey: 'message',
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return wrap(destination === undefined ? pino(options) : pino(options, destination));
};
