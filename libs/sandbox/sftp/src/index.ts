export {
  FIRST_PARTS_LIST,
  SFTP_SANDBOX_CREDENTIALS,
  startSftpSandbox,
  type SftpSandbox,
  type SftpSandboxOptions,
} from './start';
