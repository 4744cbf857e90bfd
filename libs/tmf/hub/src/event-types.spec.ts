import { parseEventQuery } from '@quotebridge/tmf/query';
import { unknownTypes, wantedTypes } from './event-types';

const KNOWN = ['CategoryCreateEvent', 'CategoryDeleteEvent', 'CategoryStateChangeEvent'];

const faultsOf = (query: string): string[] => {
  const parsed = parseEventQuery(query);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return unknownTypes(parsed.value.filter, KNOWN).map(({ message }) => message.split(';')[0] ?? '');
};

const no = (type: string): string => `"${type}" is no type of event here`;
const NONE = 'no type of event meets this condition';

it.each([
  ['an empty query', '', []],
  ['a type that there is', 'eventType=CategoryCreateEvent', []],
  ['a list of types that there are', 'eventType=CategoryCreateEvent,CategoryDeleteEvent', []],
  ['a type that does not exist', 'eventType=CategoryMadeEvent', [no('CategoryMadeEvent')]],
  ['another case', 'eventType=categoryCreateEvent', [no('categoryCreateEvent')]],
  ['an asterisk, which stands for itself', 'eventType=Category*', [no('Category*')]],
  ['one strange type of a list', 'eventType=CategoryCreateEvent,Nothing', [no('Nothing')]],
  ['two strange types in two conditions', 'eventType=A&eventType.ne=B', [no('A'), no('B')]],
  ['a type that is left out', 'eventType.ne=CategoryDeleteEvent', []],
  ['an expression that some types meet', 'eventType.regex=StateChange', []],
  ['an expression that no type meets', 'eventType.regex=^Quote', [NONE]],
  ['a bound that some types meet', 'eventType.gt=CategoryD', []],
  ['a bound that no type meets', 'eventType.gt=D', [NONE]],
  ['a condition on another attribute', 'event.category.name=Nothing', []],
])('%s', (_what, query, faults) => {
  expect(faultsOf(query).sort()).toEqual([...faults].sort());
});

it('names the types that there are', () => {
  const parsed = parseEventQuery('eventType=x');
  const [fault] = parsed.ok ? unknownTypes(parsed.value.filter, KNOWN) : [];
  expect(fault).toEqual({
    path: '/query (eventType)',
    message: `"x" is no type of event here; there are ${KNOWN.join(', ')}`,
    code: 'unknownEventType',
  });
});

const [CREATED, DELETED, CHANGED] = KNOWN;

it.each([
  ['', KNOWN],
  ['eventType=CategoryCreateEvent', [CREATED]],
  ['eventType=CategoryCreateEvent,CategoryDeleteEvent', [CREATED, DELETED]],
  ['eventType.ne=CategoryDeleteEvent', [CREATED, CHANGED]],
  ['eventType.regex=StateChange', [CHANGED]],
  ['eventType.gt=CategoryD', [DELETED, CHANGED]],
  ['eventType=CategoryCreateEvent&eventType=CategoryDeleteEvent', [CREATED, DELETED]],
  ['event.category.name=x', KNOWN],
  ['event.category.name.ne=x', KNOWN],
  ['eventType=CategoryCreateEvent&event.category.name=x', [CREATED]],
  ["filter=$[?(@.eventType=='CategoryCreateEvent' || @.title=='x')]", KNOWN],
  ["filter=$[?(@.eventType=='CategoryCreateEvent' %26%26 @.title=='x')]", [CREATED]],
])('a subscription to %j may bring events of %j', (query, types) => {
  const parsed = parseEventQuery(query);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  expect(wantedTypes(parsed.value.filter, KNOWN)).toEqual(types);
});
