export { askAdmission, writeCertificate } from './admission';
export { askedByOperator } from './audit';
export { startCluster, type TestCluster } from './cluster';
export { CRM, ERP, numberOf, ORDER } from './deal';
export { startConnectorProcesses, type ConnectorProcesses } from './connector-processes';
export type { Asked } from './faulty-proxy';
export { startFreezingProxy, type FreezingProxy } from './freezing-proxy';
export { describeWith, itWith } from './given';
export { dryRun, startHelm, type Helm } from './helm';
export { installForeignKinds } from './foreign-kinds';
export { RELEASED, typeOf } from './kinds';
export { Kills } from './kills';
export { startKubelet, type FakeKubelet } from './kubelet';
export {
  conditionText,
  connectorOf,
  create,
  installCanvas,
  installCrds,
  K,
  makeNamespace,
  putSecret,
  readConnector,
  removeCanvas,
  S4_SPEC,
} from './objects';
export { odaFaults, STANDARDS } from './oda-rules';
export {
  forgetLease,
  metricOf,
  operatorAccount,
  startOperatorProcess,
  type OperatorAccount,
} from './operator';
export { putPlatformSecret, startOperatorSuite, type OperatorSuite } from './operator-suite';
export { startOperatorWorld, type OperatorWorld } from './operator-world';
export { NEXT_VERSION, VERSION } from './next-version';
export { startNodeCluster, type NodeCluster } from './node-cluster';
export { startProxiedOperator, type ProxiedOperator } from './proxied-operator';
export { startPulse } from './pulse';
export { askPrometheus, rulesIn, type PrometheusAnswer, type Rule } from './rules';
export { startScript, type ScriptPod } from './script-pod';
export { COMPONENTS, PodSuite, SUITE_WITHIN } from './suite';
export { EDGES, seenEdges } from './suite-edges';
export { suiteFaults } from './suite-history';
export { CHANGED, dealFaults, migratedBy, runningVersions, trafficFaultsIn } from './suite-upgrade';
export { WAY, wayToTheErp } from './trace-way';
export { startTraffic, type Traffic } from './traffic';
export { installServers, putPlatform, S4_SANDBOX } from './servers';
