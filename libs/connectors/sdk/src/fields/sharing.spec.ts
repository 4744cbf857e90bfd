import { sharingFaults, sharingOf, type SharingSettings } from './sharing';

describe('what settings say of resources that others bring too', () => {
  it.each<[string, SharingSettings, string[]]>([
    ['nothing', {}, []],
    [
      'either kind of key',
      { naturalKeys: [{ attributes: ['a'] }, { externalIdentifierType: 't', owner: 'erp' }] },
      [],
    ],
    [
      'a key of nothing, or of both',
      { naturalKeys: [{}, { attributes: ['a'], externalIdentifierType: 't' }] },
      ['/naturalKeys/0', '/naturalKeys/1'],
    ],
    [
      'the owner of attributes',
      { naturalKeys: [{ attributes: ['a'], owner: 'x' }] },
      ['/naturalKeys/0/owner'],
    ],
    ['a rule', { conflict: { rule: 'newest' } }, []],
    ['an order', { conflict: { rule: 'priority', order: ['erp'] } }, []],
    ['a priority without an order', { conflict: { rule: 'priority' } }, ['/conflict/order']],
    ['an order without a priority', { conflict: { rule: 'manual', order: ['erp'] } }, ['/conflict/order']],
  ])('%s: each fault is told where it is', (_name, settings, paths) => {
    expect(sharingFaults(settings).map(({ path }) => path)).toEqual(paths);
  });

  it('the component is told no more than was said', () => {
    expect(sharingOf({})).toEqual({});
    expect(
      sharingOf({
        naturalKeys: [{ attributes: ['a', 'b'] }, { externalIdentifierType: 't' }],
        conflict: { rule: 'priority', order: ['erp', 'local'] },
      }),
    ).toEqual({
      naturalKeys: [{ attributes: ['a', 'b'] }, { externalIdentifierType: 't' }],
      conflict: { rule: 'priority', order: ['erp', 'local'] },
    });
    expect(sharingOf({ conflict: { rule: 'newest' } })).toEqual({ conflict: { rule: 'newest' } });
  });
});
