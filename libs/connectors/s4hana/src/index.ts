export { s4hana } from './definition';
