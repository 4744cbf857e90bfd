import { parseEventQuery, trimEvent, wantsEvent } from './event-query';

const envelope = {
  eventId: 'e1',
  eventTime: '2026-01-01T00:00:00.000Z',
  eventType: 'ProductOfferingStateChangeEvent',
  '@type': 'ProductOfferingStateChangeEvent',
  source: { id: 's' },
  event: {
    productOffering: {
      '@type': 'ProductOffering',
      id: '42',
      href: '/42',
      name: 'Pump',
      lifecycleStatus: 'Launched',
      size: 5,
      place: [{ id: 'a' }, { id: 'b' }],
    },
  },
};
const query = (text: string) => {
  const parsed = parseEventQuery(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
};

describe('the query of a subscription', () => {
  it.each<[string, boolean]>([
    ['', true],
    ['  ', true],
    ['eventType=ProductOfferingStateChangeEvent', true],
    ['?eventType=ProductOfferingStateChangeEvent', true],
    ['eventType=A,ProductOfferingStateChangeEvent', true],
    ['eventType=A&eventType=ProductOfferingStateChangeEvent', true],
    ['eventType=A', false],
    ['eventType=A;event.productOffering.size.gt=4', true],
    ['event.productOffering.lifecycleStatus=Launched&event.productOffering.name=Pump', true],
    ['event.productOffering.lifecycleStatus=Launched&event.productOffering.name=Valve', false],
    ['event.productOffering.size=5', true],
    ['event.productOffering.place.id=b', true],
    ['event.productOffering.name.regex=^Pu', true],
    ['event.productOffering.missing.ne=x', true],
    ['eventTime.gte=2026-01-01', true],
    ['eventTime>2026-01-01T00:00:00Z', false],
    ["filter=event.productOffering.place[?(@.id=='a' && @.id=='b')]", false],
  ])('%p wants the event: %p', (text, wanted) => {
    expect(wantsEvent(query(text), envelope)).toBe(wanted);
  });

  it.each(['limit=5', 'eventType=A&sort=name', 'eventType', 'a.$b=1', 'name.regex=(a*)*'])(
    '%p is refused with a fault',
    (text) => {
      expect(parseEventQuery(text)).toMatchObject({ ok: false, error: [{ message: expect.any(String) }] });
    },
  );

  it('knows only declared paths when it is told which', () => {
    const resolve = (path: string) =>
      path === 'eventType' ? { storagePath: path, kind: 'string' as const } : undefined;
    expect(parseEventQuery('evntType=A', { resolve, known: () => ['eventType'] })).toMatchObject({
      ok: false,
      error: [{ message: expect.stringContaining('Did you mean eventType?') }],
    });
  });

  it.each(['fields=lifecycleStatus', 'fields=event.productOffering.lifecycleStatus'])(
    '%s trims the resource and keeps what identifies the event',
    (text) => {
      expect(trimEvent(query(text), envelope)).toEqual({
        eventId: 'e1',
        eventTime: envelope.eventTime,
        eventType: envelope.eventType,
        '@type': envelope['@type'],
        event: {
          productOffering: { '@type': 'ProductOffering', id: '42', href: '/42', lifecycleStatus: 'Launched' },
        },
      });
    },
  );

  it('without fields the envelope stays whole', () => {
    expect(trimEvent(query('eventType=A'), envelope)).toBe(envelope);
    expect(trimEvent(query('fields=event.productOffering'), envelope)['event']).toEqual(envelope.event);
  });
});
