/** What a command prints: `result` for scripts on standard output, `notes` for people on standard error. */
export interface CommandOutput {
  readonly result: readonly string[];
  readonly notes: readonly string[];
}
