import type { JsonObject } from '@quotebridge/platform/core';
import type { ConnectorDefinition } from './definition';
import { offerOf, optionFaults, type RunOptions } from './offer';

const CLOCK = { now: () => 0 };

// As those whose streams stand in their settings.
const definition = {
  id: 'made',
  open: ({ settings }: { settings: JsonObject }) => ({
    streams: (settings['streams'] as string[]).map((name) => ({ name })),
    actions: [{ name: 'send' }],
    close: async () => {
      throw new Error('was never open');
    },
  }),
} as unknown as ConnectorDefinition;

describe('what a connector offers', () => {
  it('follows from its settings', () => {
    const settings = { streams: ['parts', 'prices'] };
    expect(offerOf(definition, settings, CLOCK)).toEqual({ streams: ['parts', 'prices'], actions: ['send'] });
  });
});

describe('the faults of how an instance is to run', () => {
  const offer = { streams: ['parts', 'prices'], actions: ['send'] };
  const faults = (options: Partial<RunOptions>, known: typeof offer | undefined = offer): readonly string[] =>
    optionFaults({ streams: [], actions: [], ...options }, known).map(
      ({ path, message }) => `${path} ${message}`,
    );

  it('are none where there are none', () => {
    const mapping = { name: 'texts[0].text & $uppercase(id)', brand: 'null' };
    const streams = [
      { name: 'parts', schedule: '0 2 * * 1-5', timeZone: 'Europe/Berlin', mapping },
      { name: 'prices', schedule: 'every 5m', timeZone: 'America/Argentina/Buenos_Aires' },
    ];
    expect(faults({ streams, actions: [{ name: 'send' }] })).toEqual([]);
  });

  it.each<[string, Partial<RunOptions>, string]>([
    [
      'a stream there is not',
      { streams: [{ name: 'part' }] },
      '/streams/part is no stream of this connector; it has parts, prices',
    ],
    [
      'an action there is not',
      { actions: [{ name: 'sent' }] },
      '/actions/sent is no action of this connector; it has send',
    ],
    [
      'an hour there is not',
      { streams: [{ name: 'parts', schedule: '0 25 * * *' }] },
      '/streams/parts/schedule cannot be used: "0 25 * * *"',
    ],
    [
      'a day there is not',
      { streams: [{ name: 'parts', schedule: '0 2 31 2 *' }] },
      '/streams/parts/schedule cannot be used: The schedule "0 2 31 2 *" never comes',
    ],
    [
      'a time zone there is not, whatever the schedule',
      { streams: [{ name: 'parts', schedule: 'every 5m', timeZone: 'Europe/Berlim' }] },
      '/streams/parts/timeZone is "Europe/Berlim", which is no time zone; use an IANA name such as Europe/Berlin',
    ],
    [
      'an expression that cannot be read',
      { streams: [{ name: 'parts', mapping: { name: 'texts[', brand: 'maker' } }] },
      '/streams/parts/mapping cannot be used: name: ',
    ],
    [
      'an attribute that nobody may set',
      { streams: [{ name: 'parts', mapping: { id: '1' } }] },
      '/streams/parts/mapping cannot be used: id: is no attribute that a mapping may set',
    ],
  ])('%s is one', (_what, options, sentence) => {
    const found = faults(options);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(sentence);
  });

  it('names are not judged when the settings do not tell which there are; the rest is', () => {
    const streams = [{ name: 'whatever', schedule: 'every 0s' }];
    expect(faults({ streams })).toHaveLength(2);
    expect(optionFaults({ streams, actions: [] }, undefined)).toHaveLength(1);
  });
});
