export { FAKE_CREDENTIALS, startFakeSandbox, type FakeSandboxOptions } from './start';
