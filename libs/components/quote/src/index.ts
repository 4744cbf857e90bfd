export { quoteComponent } from './component';
export { quoteSettings, type QuoteSettings } from './settings';
export type { QuoteState } from './states';
