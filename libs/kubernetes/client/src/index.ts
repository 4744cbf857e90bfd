export { clusterAddress, type AddressOptions, type ClusterAddress } from './address';
export { KubeClient, type KubeList, type Selection, type WatchEvent } from './kube-client';
export { isGone, isKubeError, KubeError } from './kube-error';
export { Leader, LEASES, type LeaderOptions, type LeaderTimes } from './leader';
export { Mirror, type MirrorOptions } from './mirror';
export { apiVersionOf, fromKey, keyOf, pathOf } from './resource';
export type { KubeObject, ObjectMeta, OwnerReference, ResourceType } from './resource';
export { WorkQueue, type Next, type WorkQueueOptions } from './work-queue';
