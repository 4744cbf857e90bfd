export { salesforce } from './definition';
