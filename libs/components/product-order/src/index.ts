export { productOrderComponent } from './component';
export { productOrderSettings, type ProductOrderSettings } from './settings';
