export { applyMergePatch } from './merge-patch';
export { applyJsonPatch } from './json-patch';
export { applyJsonPatchQuery } from './json-patch-query';
export { applyPatch, patchKind, patchTypes, type PatchKind } from './patch-kind';
export { changedAttributes, nonPatchable } from './changes';
export { patchStatus, type PatchFaultCode } from './faults';
export { defaultPatchLimits, type PatchLimits } from './limits';
export { jsonEqual } from './equal';
export { parsePointer } from './pointer';
