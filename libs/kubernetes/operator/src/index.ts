export { startAdmission, type AdmissionOptions, type RunningAdmission } from './admission/start-admission';
export { connectorCrd } from './crd/crd';
export { ANNOTATIONS, CONNECTORS, FINALIZER } from './connector';
export type { Condition, ConditionType, Connector, ConnectorStatus } from './connector';
export { leaseRules, operatorRules, type PolicyRule } from './rbac';
export type { OperatorSettings } from './settings';
export { startOperator, type OperatorOptions, type RunningOperator } from './start-operator';
