export { gatewayComponent } from './component';
export { gatewaySettings, type GatewaySettings } from './settings';
