import { buildEvent, timeOccurred, toV4Event, v4EventType, v5EventType } from './envelope';

const names = { v5: 'productCatalog', v4: 'catalog' };
const event = buildEvent({
  eventId: 'e1',
  eventTime: '2026-01-31T08:00:00.000Z',
  eventType: 'ProductCatalogCreateEvent',
  domain: 'productCatalog',
  resourceName: 'productCatalog',
  resource: { id: '7', href: '/v5/productCatalog/7', '@type': 'ProductCatalog' },
});

describe('an event envelope', () => {
  it('has the attributes of v5, correlated to itself unless told otherwise', () => {
    expect(event).toEqual({
      eventId: 'e1',
      eventTime: '2026-01-31T08:00:00.000Z',
      eventType: 'ProductCatalogCreateEvent',
      '@type': 'ProductCatalogCreateEvent',
      '@baseType': 'Event',
      domain: 'productCatalog',
      title: 'ProductCatalogCreateEvent',
      correlationId: 'e1',
      event: { productCatalog: { id: '7', href: '/v5/productCatalog/7', '@type': 'ProductCatalog' } },
    });
  });

  it('is shown in v4 with the names and spelling of v4, and the resource as v4 shows it', () => {
    const shown = toV4Event(
      { ...event, timeOccurred: '2026-01-31T07:59:00Z', xNote: 'kept' },
      { names, show: ({ id }) => ({ ...(id === undefined ? {} : { id }), href: '/v4/catalog/7' }) },
    );
    expect(shown).toEqual({
      eventId: 'e1',
      eventTime: '2026-01-31T08:00:00.000Z',
      eventType: 'CatalogCreateEvent',
      title: 'CatalogCreateEvent',
      domain: 'productCatalog',
      correlationId: 'e1',
      timeOcurred: '2026-01-31T07:59:00Z',
      xNote: 'kept',
      event: { catalog: { id: '7', href: '/v4/catalog/7' } },
    });
  });

  it('keeps a title of its own', () => {
    expect(toV4Event({ ...event, title: 'A catalog' }, { names, show: (doc) => doc })).toMatchObject({
      title: 'A catalog',
    });
  });

  it.each([
    ['ProductCatalogStateChangeEvent', 'CatalogStateChangeEvent'],
    ['CategoryDeleteEvent', 'CategoryDeleteEvent'],
    ['ProductCatalogueCreateEvent', 'ProductCatalogueCreateEvent'],
  ])('%s is %s in v4, and back', (v5, v4) => {
    expect(v4EventType(v5, names)).toBe(v4);
    expect(v5EventType(v4, names)).toBe(v5);
  });

  it('tells the time of occurrence under either spelling', () => {
    expect(timeOccurred({ timeOcurred: 'a' })).toBe('a');
    expect(timeOccurred({ timeOccurred: 'b', timeOcurred: 'a' })).toBe('b');
  });
});
