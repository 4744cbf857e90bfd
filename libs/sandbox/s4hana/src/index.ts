export { startS4Sandbox } from './start';
export type { S4SandboxOptions } from './options';
export { S4_SANDBOX_CREDENTIALS, type S4Credentials } from './auth';
export { SALES_AREA as S4_SANDBOX_SALES_AREA } from './seed';
