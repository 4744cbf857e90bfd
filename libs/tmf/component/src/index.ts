export { componentSettings, type ComponentSettings } from './settings';
export type {
  Component,
  ComponentParts,
  ConsumerBinding,
  EventHandler,
  OwnApi,
  ListenerBinding,
  Runtime,
} from './component';
export { refuseMissing, refuseUsed, type OwnReference, type User } from './references';
export { openComponent, type OpenComponent } from './runtime';
export { startComponent, type RunningComponent } from './server';
export { runComponent } from './run';
