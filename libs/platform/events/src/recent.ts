/** The last so many numbers that were added. */
export class Recent {
  private readonly numbers = new Set<number>();

  constructor(private readonly capacity: number) {}

  add(value: number): void {
    this.numbers.delete(value);
    this.numbers.add(value);
    if (this.numbers.size <= this.capacity) return;
    const [oldest] = this.numbers;
    if (oldest !== undefined) this.numbers.delete(oldest);
  }

  has(value: number): boolean {
    return this.numbers.has(value);
  }

  clear(): void {
    this.numbers.clear();
  }
}
