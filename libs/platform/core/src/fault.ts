/**
 * One thing that is wrong with an input.
 * `path` is a JSON Pointer (RFC 6901) into the body, or the name of a query parameter or header.
 */
export interface Fault {
  readonly path: string;
  readonly message: string;
  /** Machine-readable kind of the fault, for example `required` or `type`. */
  readonly code?: string;
}
