import { Refusal, type RefusalStatus } from '@quotebridge/platform/core';

/** A refusal with Salesforce's error code; `fields` are named in the error body. */
export const refused = (
  status: RefusalStatus,
  code: string,
  message: string,
  fields: readonly string[] = [],
): Refusal => new Refusal(status, code, message, { faults: fields.map((path) => ({ path, message })) });

/** One entry of the error array. */
export interface ApiError {
  readonly message: string;
  readonly errorCode: string;
  readonly fields?: readonly string[];
}

/** The error entry of anything thrown. */
export const apiError = (thrown: unknown): { status: number; error: ApiError } => {
  if (!(thrown instanceof Refusal)) {
    return {
      status: 500,
      error: { message: `An unexpected error occurred: ${String(thrown)}`, errorCode: 'UNKNOWN_EXCEPTION' },
    };
  }
  const fields = thrown.faults.map((fault) => fault.path);
  const error = {
    message: thrown.message,
    errorCode: thrown.code,
    ...(thrown.status === 400 ? { fields } : {}),
  };
  return { status: thrown.status, error };
};

/** The refusal for a name that the object does not have. */
export const noSuchColumn = (name: string, object: string): Refusal =>
  refused(400, 'INVALID_FIELD', `No such column '${name}' on sobject of type ${object}`);
