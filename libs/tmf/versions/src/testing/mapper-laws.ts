import { annotateTypes, loadSpec, validatorFor, type Api } from '@quotebridge/tmf-specs';
import fc from 'fast-check';
import type { VersionMapper } from '../mapper';
import { documentsOf } from './documents';
import { changes, changesOfV4, misplaced, survivesV4 } from './laws';

/** A mapper between the versions of a resource, and its names there. */
export interface MappedResource {
  readonly api: Api;
  readonly mapper: VersionMapper;
  readonly v4: string;
  /** The same as in v4 unless given. */
  readonly v5?: string;
}

/** Declares the tests of what every mapper keeps to, on any documents that the specifications allow. */
export const keepsTheLaws = (resources: readonly MappedResource[]): void => {
  describe.each(resources)(
    'the mapping of $api $v4',
    ({ api, mapper, v4: v4Class, v5: v5Class = v4Class }) => {
      const v4 = loadSpec(api, 'v4');
      const declared = documentsOf(v4, v4Class, { unknownAttributes: false });
      const anyV4 = documentsOf(v4, v4Class, { unknownAttributes: true });
      const anyV5 = documentsOf(loadSpec(api, 'v5'), v5Class, { unknownAttributes: true });

      it('gives a v4 client back what it wrote, with nothing added but @type', () => {
        const valid = validatorFor(api, 'v4', v4Class);
        fc.assert(
          fc.property(anyV4, (doc) => {
            expect(valid(doc)).toEqual([]);
            expect(changesOfV4(mapper, doc)).toEqual([]);
          }),
        );
      });

      it('gives a v5 document that went through v4 back exactly', () => {
        const valid = validatorFor(api, 'v5', v5Class);
        fc.assert(
          fc.property(anyV5, (doc) => {
            expect(valid(doc)).toEqual([]);
            expect(survivesV4(mapper, doc)).toBe(true);
          }),
        );
      });

      it('shows a v4 client a valid document of its own values after the store has typed everything', () => {
        const valid = validatorFor(api, 'v4', v4Class);
        fc.assert(
          fc.property(declared, (doc) => {
            const shown = mapper.fromStored(annotateTypes(api, v5Class, mapper.toStored(doc)));
            expect(changes(doc, shown)).toEqual([]);
            expect(valid(shown)).toEqual([]);
          }),
        );
      });

      it('finds every v4 value at its stored path', () => {
        fc.assert(fc.property(declared, (doc) => expect(misplaced(mapper, doc)).toEqual([])));
      });
    },
  );
};
