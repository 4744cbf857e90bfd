export { startS4Sandbox, type S4SandboxOptions } from './start';
export { S4_SANDBOX_CREDENTIALS, type S4Credentials } from './auth';
export { SALES_AREA as S4_SANDBOX_SALES_AREA } from './seed';
