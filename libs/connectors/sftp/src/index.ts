export { sftp } from './definition';
