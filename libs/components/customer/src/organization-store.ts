import type { JsonObject } from '@quotebridge/platform/core';
import type { ClientSession } from '@quotebridge/platform/store';
import type { Runtime } from '@quotebridge/tmf/component';
import type { ReadLevel } from './hierarchy';
import { childrenOf, parentsOf } from './relations';

const PARENT = 'organizationParentRelationship.organization.id';
const CHILD = 'organizationChildRelationship.organization.id';
const EDGES = { organizationParentRelationship: 1, organizationChildRelationship: 1 } as const;

/** Lock of every write that moves an organization within its hierarchy. */
export const HIERARCHY_LOCK = 'organization-hierarchy';

/** Reads the edges between organizations. Either end may name the other one; both count. */
export class OrganizationStore {
  constructor(private readonly runtime: Runtime) {}

  /** Parents by child; what the organization `except` says of its children is left out. */
  readParents(session?: ClientSession, except?: string): ReadLevel {
    return async (ids) => {
      const wanted = new Set(ids);
      const parents = new Map<string, string[]>();
      const add = (child: string, parent: string): void => {
        if (wanted.has(child)) parents.set(child, [...(parents.get(child) ?? []), parent]);
      };
      for (const { _id, ...document } of await this.edgesOf(ids, CHILD, session)) {
        for (const parent of parentsOf(document as JsonObject)) add(_id, parent);
        if (_id !== except) for (const child of childrenOf(document as JsonObject)) add(child, _id);
      }
      return parents;
    };
  }

  /** Children by parent. */
  readonly readChildren: ReadLevel = async (ids) => {
    const wanted = new Set(ids);
    const children = new Map<string, Set<string>>();
    const add = (parent: string, child: string): void => {
      if (!wanted.has(parent)) return;
      children.set(parent, (children.get(parent) ?? new Set()).add(child));
    };
    for (const { _id, ...document } of await this.edgesOf(ids, PARENT)) {
      for (const parent of parentsOf(document as JsonObject)) add(parent, _id);
      for (const child of childrenOf(document as JsonObject)) add(_id, child);
    }
    return new Map([...children].map(([parent, set]) => [parent, [...set].sort()]));
  };

  /** Names of organizations by id. */
  async namesOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const found = await this.collection
      .find({ _id: { $in: [...ids] } }, { projection: { name: 1, tradingName: 1 } })
      .toArray();
    return new Map(found.map(({ _id, name, tradingName }) => [_id, String(name ?? tradingName ?? '')]));
  }

  private get collection() {
    return this.runtime.service('organization').repository.collection;
  }

  private edgesOf(ids: readonly string[], other: string, session?: ClientSession) {
    return this.collection
      .find(
        { $or: [{ _id: { $in: [...ids] } }, { [other]: { $in: [...ids] } }] },
        { projection: EDGES, ...(session ? { session } : {}) },
      )
      .toArray();
  }
}
