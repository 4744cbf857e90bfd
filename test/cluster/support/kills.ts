import type { KubeObject } from '@quotebridge/kubernetes/client';
import type { PodSuite } from './suite';

/** Pods that were killed, each with the part that it belonged to. */
export type Killed = readonly (readonly [part: string, victim: KubeObject])[];

/** Kills pods of a suite and remembers of which parts. */
export class Kills {
  private readonly seen = new Set<string>();

  constructor(private readonly suite: PodSuite) {}

  /** The parts that lost a pod, by name. */
  get parts(): readonly string[] {
    return [...this.seen].sort();
  }

  /** Ends a pod of each part at the same moment. */
  all(...parts: readonly string[]): Promise<Killed> {
    return Promise.all(parts.map(async (part) => [part, await this.one(part)] as const));
  }

  /** Ends one pod of a part, that of this name if one is given. */
  one(part: string, pod?: string): Promise<KubeObject> {
    this.seen.add(part);
    return this.suite.kill(part, pod);
  }

  /** Waits until other pods are in their places. */
  async replaced(killed: Killed): Promise<void> {
    await Promise.all(killed.map(([part, victim]) => this.suite.replaced(part, victim)));
  }
}
