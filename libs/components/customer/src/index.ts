export { customerComponent } from './component';
export { customerSettings, type CustomerSettings } from './settings';
