import { annotateTypes, loadSpec, validatorFor, type Api } from '@quotebridge/tmf-specs';
import type { VersionMapper } from '@quotebridge/tmf/versions';
import fc from 'fast-check';
import { documentsOf } from '../../../../tmf/versions/src/testing/documents';
import { changes, changesOfV4, misplaced, survivesV4 } from '../../../../tmf/versions/src/testing/laws';
import { customerMapper, individualMapper, organizationMapper, partyRoleMapper } from './index';

const tables: readonly { api: Api; name: string; mapper: VersionMapper }[] = [
  { api: 'TMF629', name: 'Customer', mapper: customerMapper },
  { api: 'TMF632', name: 'Individual', mapper: individualMapper },
  { api: 'TMF632', name: 'Organization', mapper: organizationMapper },
  { api: 'TMF669', name: 'PartyRole', mapper: partyRoleMapper },
];

describe.each(tables)('the mapping of $api $name', ({ api, name, mapper }) => {
  const v4 = loadSpec(api, 'v4');
  const declared = documentsOf(v4, name, { unknownAttributes: false });
  const anyV4 = documentsOf(v4, name, { unknownAttributes: true });
  const anyV5 = documentsOf(loadSpec(api, 'v5'), name, { unknownAttributes: true });

  it('gives a v4 client back what it wrote, with nothing added but @type', () => {
    const valid = validatorFor(api, 'v4', name);
    fc.assert(
      fc.property(anyV4, (doc) => {
        expect(valid(doc)).toEqual([]);
        expect(changesOfV4(mapper, doc)).toEqual([]);
      }),
    );
  });

  it('gives a v5 document that went through v4 back exactly', () => {
    const valid = validatorFor(api, 'v5', name);
    fc.assert(
      fc.property(anyV5, (doc) => {
        expect(valid(doc)).toEqual([]);
        expect(survivesV4(mapper, doc)).toBe(true);
      }),
    );
  });

  it('shows a v4 client a valid document of its own values after the store has typed everything', () => {
    const valid = validatorFor(api, 'v4', name);
    fc.assert(
      fc.property(declared, (doc) => {
        const shown = mapper.fromStored(annotateTypes(api, name, mapper.toStored(doc)));
        expect(changes(doc, shown)).toEqual([]);
        expect(valid(shown)).toEqual([]);
      }),
    );
  });

  it('finds every v4 value at its stored path', () => {
    fc.assert(fc.property(declared, (doc) => expect(misplaced(mapper, doc)).toEqual([])));
  });
});
