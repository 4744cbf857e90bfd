export { startRestSandbox, type RestSandboxOptions } from './start';
export { REST_SANDBOX_CREDENTIALS, type RestCredentials } from './auth';
