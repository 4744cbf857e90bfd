export { fake } from './definition';
