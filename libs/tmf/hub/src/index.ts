export type { EnvelopePaths, Sight, Subscription, SubscriptionState } from './subscription';
export type { EventTypes } from './event-types';
export { SubscriptionStore } from './subscription-store';
export { afterAttempt, defaultDeliveryPlan, type DeliveryPlan } from './delivery-plan';
export { HubDispatcher, type DispatcherOptions, type PresentEvent } from './dispatcher';
export { hubOperations, hubRoutes, type HubRoutesOptions } from './hub-routes';
