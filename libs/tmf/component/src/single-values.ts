import { Refusal, type Fault } from '@quotebridge/platform/core';
import type { FastifyInstance } from 'fastify';

/** Faults of the parameters that are given more than once. */
const repeatedIn = (query: unknown): Fault[] =>
  typeof query !== 'object' || query === null
    ? []
    : Object.entries(query).flatMap(([name, value]) =>
        Array.isArray(value)
          ? [
              {
                path: name,
                message: 'is given more than once; separate several values by commas where a list is taken',
                code: 'repeated',
              },
            ]
          : [],
      );

/** Refuses with 400 what names a parameter twice: the routes of the scope read each as one text. */
export const singleValues = (scope: FastifyInstance): void => {
  scope.addHook('preHandler', async ({ query }) => {
    const faults = repeatedIn(query);
    const [first] = faults;
    if (first) throw new Refusal(400, 'invalidQuery', `${first.path} ${first.message}`, { faults });
  });
};
