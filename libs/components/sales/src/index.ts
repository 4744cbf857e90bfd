export { salesComponent } from './component';
export { salesSettings, type SalesSettings } from './settings';
