import type { Clock } from '@quotebridge/platform/core';
import type { LookedUp } from './looked-up';

/** How much is kept. */
export interface KeptAnswersOptions {
  readonly clock: Clock;
  /** Most answers that are kept. */
  readonly maxEntries: number;
  /** Most characters that they have together: one answer may be as long as a thousand others. */
  readonly maxCharacters: number;
}

/** An answer, and when it was put here, in milliseconds since the epoch. */
export interface Kept {
  readonly answer: LookedUp;
  readonly at: number;
}

/** The latest answers; what was put first goes first when there are too many or they are too long. */
export class KeptAnswers {
  private readonly answers = new Map<string, Kept>();
  private characters = 0;

  constructor(private readonly options: KeptAnswersOptions) {}

  get(key: string): Kept | undefined {
    return this.answers.get(key);
  }

  put(key: string, answer: LookedUp): LookedUp {
    const { clock, maxEntries, maxCharacters } = this.options;
    this.forget(key);
    this.answers.set(key, { answer, at: clock.now() });
    this.characters += answer.text.length;
    for (const oldest of this.answers.keys()) {
      if (this.answers.size <= maxEntries && this.characters <= maxCharacters) break;
      this.forget(oldest);
    }
    return answer;
  }

  private forget(key: string): void {
    this.characters -= this.answers.get(key)?.answer.text.length ?? 0;
    this.answers.delete(key);
  }
}
