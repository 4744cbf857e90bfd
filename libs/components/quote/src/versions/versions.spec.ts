import { annotateTypes, loadSpec, validatorFor } from '@quotebridge/tmf-specs';
import fc from 'fast-check';
import { documentsOf } from '../../../../tmf/versions/src/testing/documents';
import { changes, changesOfV4, misplaced, survivesV4 } from '../../../../tmf/versions/src/testing/laws';
import { quoteMapper } from './index';

const v4 = loadSpec('TMF648', 'v4');
const v5 = loadSpec('TMF648', 'v5');

const tables = [{ mapper: quoteMapper, v4Class: 'Quote', v5Class: 'Quote' }];

describe.each(tables)('the mapping of TMF648 $v4Class', ({ mapper, v4Class, v5Class }) => {
  const declared = documentsOf(v4, v4Class, { unknownAttributes: false });
  const anyV4 = documentsOf(v4, v4Class, { unknownAttributes: true });
  const anyV5 = documentsOf(v5, v5Class, { unknownAttributes: true });

  it('gives a v4 client back what it wrote, with nothing added but @type', () => {
    const valid = validatorFor('TMF648', 'v4', v4Class);
    fc.assert(
      fc.property(anyV4, (doc) => {
        expect(valid(doc)).toEqual([]);
        expect(changesOfV4(mapper, doc)).toEqual([]);
      }),
    );
  });

  it('gives a v5 document that went through v4 back exactly', () => {
    const valid = validatorFor('TMF648', 'v5', v5Class);
    fc.assert(
      fc.property(anyV5, (doc) => {
        expect(valid(doc)).toEqual([]);
        expect(survivesV4(mapper, doc)).toBe(true);
      }),
    );
  });

  it('shows a v4 client a valid document of its own values after the store has typed everything', () => {
    const valid = validatorFor('TMF648', 'v4', v4Class);
    fc.assert(
      fc.property(declared, (doc) => {
        const shown = mapper.fromStored(annotateTypes('TMF648', v5Class, mapper.toStored(doc)));
        expect(changes(doc, shown)).toEqual([]);
        expect(valid(shown)).toEqual([]);
      }),
    );
  });

  it('finds every v4 value at its stored path', () => {
    fc.assert(fc.property(declared, (doc) => expect(misplaced(mapper, doc)).toEqual([])));
  });
});
