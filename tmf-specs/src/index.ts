export type { Api, ApiVersion, OpenApiDocument, SchemaObject } from './types';
export { loadSpec } from './load';
export { validatorFor } from './validate';
export type { Validator } from './validate';
export { fieldAt } from './fields';
export type { Field, FieldKind } from './fields';
export { annotateTypes } from './annotate';
