import { isoNow, messageOf, type JsonObject } from '@quotebridge/platform/core';
import type { Running } from '@quotebridge/platform/events';
import { isTransientStoreError } from '@quotebridge/platform/store';
import type { Runtime } from '@quotebridge/tmf/component';
import type { ResourceService, StoredResource } from '@quotebridge/tmf/resource';
import { runExport } from './export-run';
import { runImport } from './import-run';
import { JobInterrupted, JobRemoved, type JobStore, type Progress } from './job-store';
import type { JobPlaces } from './places';

const LOOK_EVERY_MS = 250;

type Run = (job: StoredResource, isStopping: () => boolean) => Promise<Progress>;

interface Kind {
  readonly service: ResourceService;
  readonly run: Run;
}

/** Runs imports and, beside them, exports one after the other, oldest first, on the replica that holds the lease. */
export class JobWorker implements Running {
  private stopping = false;
  private loop: Promise<unknown> = Promise.resolve();
  private readonly kinds: readonly Kind[];

  constructor(
    private readonly runtime: Runtime,
    private readonly jobs: JobStore,
    places: JobPlaces,
  ) {
    const deps = { jobs, places, clock: runtime.clock, service: (name: string) => runtime.service(name) };
    this.kinds = [
      { service: runtime.service('importJob'), run: (job, isStopping) => runImport(job, deps, isStopping) },
      { service: runtime.service('exportJob'), run: (job, isStopping) => runExport(job, deps, isStopping) },
    ];
  }

  start(): void {
    this.loop = Promise.all(this.kinds.map((kind) => this.work(kind)));
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.loop;
  }

  private async work(kind: Kind): Promise<void> {
    while (!this.stopping) {
      const worked = await this.runNext(kind).catch((thrown: unknown) => {
        this.runtime.logger.error({ reason: messageOf(thrown) }, 'Jobs cannot be run at the moment');
        return false;
      });
      if (!worked) await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  }

  /** False when there is nothing to do, or not at the moment. */
  private async runNext({ service, run }: Kind): Promise<boolean> {
    const job = await this.jobs.next(service);
    if (!job) return false;
    if (job['status'] === 'Not Started') await this.jobs.move(service, job._id, 'Running');
    return this.finish(service, job, run);
  }

  private async finish(service: ResourceService, job: StoredResource, run: Run): Promise<boolean> {
    const completed = (): JsonObject => ({ completionDate: isoNow(this.runtime.clock) });
    try {
      const progress = await run(job, () => this.stopping);
      const log = progress.rejected > 0 ? { errorLog: `/operations/jobs/${job._id}/errors` } : {};
      await this.jobs.move(service, job._id, 'Succeeded', {
        ...completed(),
        ...log,
        progress: { ...progress },
      });
    } catch (thrown) {
      // Not the job's fault: it stays Running and is taken again.
      if (thrown instanceof JobInterrupted || isTransientStoreError(thrown)) return false;
      if (thrown instanceof JobRemoved) return true;
      await this.jobs.move(service, job._id, 'Failed', { ...completed(), errorLog: messageOf(thrown) });
    }
    return true;
  }
}
