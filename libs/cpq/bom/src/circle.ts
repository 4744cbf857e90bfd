/** Further up nothing is looked for: no machine comes near. */
export const MOST_LEVELS_ABOVE = 32;

/** The products that contain the given ones, by what they contain; whatever the validity of the relationship. */
export type ReadHolders = (ids: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>;

/** Why a product cannot be made of what it wants to be made of. */
export type BomFault =
  /** It would contain itself: from the product over what contains what back to the product. */
  { readonly kind: 'cycle'; readonly path: readonly string[] } | { readonly kind: 'tooDeep' };

/**
 * Tells whether a product would contain itself, at whatever depth: what stands above it, read level by level, must hold
 * none of its components. One read for each level, each product once, so that a circle in old data does not hang it.
 */
export const bomFaultOf = async (
  id: string,
  components: readonly string[],
  readHolders: ReadHolders,
): Promise<BomFault | undefined> => {
  const wanted = new Set(components);
  if (wanted.has(id)) return { kind: 'cycle', path: [id, id] };
  /** From a product above to the one below it that leads back to `id`. */
  const below = new Map<string, string>();
  const pathFrom = (component: string): string[] => {
    const path = [id, component];
    for (let at = component; at !== id;) {
      at = below.get(at) ?? id;
      path.push(at);
    }
    return path;
  };
  let level: readonly string[] = wanted.size === 0 ? [] : [id];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS_ABOVE) return { kind: 'tooDeep' };
    const next: string[] = [];
    for (const [contained, holders] of await readHolders(level)) {
      for (const holder of holders) {
        if (holder === id || below.has(holder)) continue;
        below.set(holder, contained);
        if (wanted.has(holder)) return { kind: 'cycle', path: pathFrom(holder) };
        next.push(holder);
      }
    }
    level = next;
  }
  return undefined;
};
