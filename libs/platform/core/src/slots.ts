/**
 * Things that come and go by the thousand each second, in an array whose places are used again. A `Map` or `Set` is laid out anew
 * every few changes then, and V8 has each old layout lead to the next: one that gets old keeps all that come after it, and what was in
 * them, until a complete collection.
 */
export class Slots<T> {
  private readonly items: (T | undefined)[] = [];
  private readonly unused: number[] = [];

  /** Puts an item in; returns the place that it is to be freed by. */
  take(item: T): number {
    const place = this.unused.pop() ?? this.items.length;
    this.items[place] = item;
    return place;
  }

  /** The item of a place; undefined when it has none. */
  at(place: number): T | undefined {
    return this.items[place];
  }

  /** Takes the item of a place out. A place that has none stays as it is. */
  free(place: number): void {
    if (this.items[place] === undefined) return;
    this.items[place] = undefined;
    this.unused.push(place);
  }

  /** Those that are in, in no order. */
  taken(): T[] {
    return this.items.filter((item): item is T & {} => item !== undefined);
  }
}
