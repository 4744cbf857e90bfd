export { rest } from './definition';
