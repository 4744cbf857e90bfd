import { AsyncResource } from 'node:async_hooks';

type Work = (...args: unknown[]) => unknown;

/** As `AsyncResource.prototype.bind` of Node.js, without the deprecated property `asyncResource` and the length of the result. */
function bind(this: AsyncResource, work: Work, self?: unknown): Work {
  const run = (caller: unknown, args: unknown[]): unknown =>
    this.runInAsyncScope(work, self ?? caller, ...args);
  return function bound(this: unknown, ...args: unknown[]): unknown {
    return run(this, args);
  };
}

/**
 * Makes what `AsyncResource.bind` returns light, in the whole process; Fastify calls it for each request with a body. Node.js (20 to
 * 24) gives each bound function a getter of its own, and with it a hidden class in V8's old generation. That one is only taken
 * away by a complete collection, and until then it holds body, headers and answer of its request ([0029](../../../../docs/adr/0029-what-a-request-leaves-dies-young.md)).
 */
export const useLightBindings = (): void => {
  Object.defineProperty(AsyncResource.prototype, 'bind', { value: bind, writable: true, configurable: true });
};
