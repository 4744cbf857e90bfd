/** Deeper trees are refused and not walked: no group of companies comes near. */
export const MAX_LEVELS = 32;

/** The ids one level up or down, by the id they are asked for. */
export type ReadLevel = (ids: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>;

/** Why an organization cannot stand where it wants to. */
export type Misplacement = { readonly kind: 'cycle'; readonly via: string } | { readonly kind: 'tooDeep' };

/** An organization with its neighbours as a write wants them. */
export interface Place {
  readonly id: string;
  readonly parents: readonly string[];
  readonly children: readonly string[];
}

/**
 * Tells whether an organization would stand above itself: its ancestors, read level by level, must hold neither
 * itself nor one of its children. One read for each level.
 */
export const misplacementOf = async (
  { id, parents, children }: Place,
  readParents: ReadLevel,
): Promise<Misplacement | undefined> => {
  const forbidden = new Set([id, ...children]);
  if (children.includes(id)) return { kind: 'cycle', via: id };
  const seen = new Set<string>();
  let level = [...new Set(parents)];
  for (let depth = 0; level.length > 0; depth += 1) {
    const via = level.find((ancestor) => forbidden.has(ancestor));
    if (via !== undefined) return { kind: 'cycle', via };
    if (depth === MAX_LEVELS) return { kind: 'tooDeep' };
    for (const ancestor of level) seen.add(ancestor);
    const next = [...(await readParents(level)).values()].flat();
    level = [...new Set(next)].filter((ancestor) => !seen.has(ancestor));
  }
  return undefined;
};

/** One organization of a hierarchy. */
export interface HierarchyNode {
  readonly id: string;
  /** Steps from the organization that was asked for. */
  readonly level: number;
  /** The organization that it was reached from; none for the first. */
  readonly from?: string;
}

/** How far a walk goes. */
export interface WalkLimits {
  readonly levels: number;
  readonly nodes: number;
}

/** The organizations of a walk in the order of their levels, and whether there were more than the limits allow. */
export interface Hierarchy {
  readonly nodes: readonly HierarchyNode[];
  readonly isCut: boolean;
}

/** Walks up or down from an organization, each one once: a cycle in old data ends the walk and does not hang it. */
export const walk = async (start: string, read: ReadLevel, limits: WalkLimits): Promise<Hierarchy> => {
  const nodes = new Map<string, HierarchyNode>([[start, { id: start, level: 0 }]]);
  let level: readonly string[] = [start];
  for (let depth = 1; level.length > 0; depth += 1) {
    const found = await read(level);
    const next: string[] = [];
    for (const from of level) {
      for (const id of found.get(from) ?? []) {
        if (nodes.has(id)) continue;
        if (depth > limits.levels || nodes.size >= limits.nodes)
          return { nodes: [...nodes.values()], isCut: true };
        nodes.set(id, { id, level: depth, from });
        next.push(id);
      }
    }
    level = next;
  }
  return { nodes: [...nodes.values()], isCut: false };
};
