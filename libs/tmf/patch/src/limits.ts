/** Bounds of one patch. */
export interface PatchLimits {
  /** Operations in a JSON Patch. */
  readonly maxOperations: number;
  /** Nesting of a value, and segments of a path. */
  readonly maxDepth: number;
  /** Nesting of the resource after values were copied or moved: as deep as one can be sent. */
  readonly maxResultDepth: number;
  /** Attributes and elements that all operations together may write; copies count each time. */
  readonly maxNodes: number;
  /** Characters of one path. */
  readonly maxPathLength: number;
}

/** Limits that suit a public API. */
export const defaultPatchLimits: PatchLimits = {
  maxOperations: 200,
  maxDepth: 40,
  maxResultDepth: 80,
  maxNodes: 100_000,
  maxPathLength: 2_000,
};
