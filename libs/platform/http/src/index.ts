export { parseJsonBody, type JsonBody } from './json-body';
export { closePromptly, drain } from './drain';
export { ignoreTypesOfNothing } from './empty-bodies';
export { errorBody, toRefusal, type ErrorBody } from './error-body';
export { handleErrors, TmfExceptionFilter, type ErrorHandlingOptions } from './error-handling';
export { Readiness, healthRoutes, type HealthCheck } from './health';
export { createHttpApp, type HttpAppOptions } from './http-app';
export { registerScope } from './scope';
