/** What can be done to a resource; the last part of a scope. */
export type Action = 'read' | 'write' | 'delete' | 'admin';

/** Who makes a request. `scopes` have the form `<resource>:<action>`, both with `*` as wildcard. */
export interface Principal {
  readonly id: string;
  readonly name: string;
  readonly kind: 'user' | 'service' | 'anonymous';
  readonly scopes: ReadonlySet<string>;
  /** Names of the roles held, those included that stand for no scopes here: what a person may decide. */
  readonly roles: ReadonlySet<string>;
}

/** Everyone, when access control is off (loopback only): may do everything and holds every role. */
export const LOCAL_PRINCIPAL: Principal = {
  id: 'local',
  name: 'local',
  kind: 'anonymous',
  scopes: new Set(['*:*']),
  roles: new Set(),
};
