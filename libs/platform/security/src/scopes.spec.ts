import fc from 'fast-check';
import {
  allows,
  DEFAULT_ROLES,
  checkedRoles,
  insufficientScope,
  parseScope,
  requireScope,
  type Action,
  type Principal,
} from './index';
import { scopesOf } from './roles';

const principal = (...scopes: string[]): Principal => ({
  id: 'p',
  name: 'p',
  kind: 'user',
  scopes: new Set(scopes),
  roles: new Set(),
});

const ACTIONS: readonly Action[] = ['read', 'write', 'delete', 'admin'];
const action = fc.constantFrom(...ACTIONS);
const resource = fc.stringMatching(/^[a-z][A-Za-z0-9]{0,12}$/);
const scope = fc
  .tuple(
    fc.oneof(
      resource,
      resource.map((name) => `${name}*`),
      fc.constant('*'),
    ),
    fc.oneof(action, fc.constant('*')),
  )
  .map(([r, a]) => `${r}:${a}`);

/** What a scope means, said in the plainest way. */
const means = (text: string, wanted: string, act: Action): boolean => {
  const [name = '', does] = text.split(':');
  const nameFits = name.endsWith('*') ? wanted.startsWith(name.slice(0, -1)) : name === wanted;
  return nameFits && (does === '*' || does === act);
};

describe('scopes', () => {
  it('a principal is allowed exactly what one of its scopes means', () => {
    fc.assert(
      fc.property(fc.array(scope, { maxLength: 8 }), resource, action, (scopes, wanted, act) => {
        expect(allows(principal(...scopes), wanted, act)).toBe(
          scopes.some((text) => means(text, wanted, act)),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('asking twice, in any order, gives the same answers', () => {
    fc.assert(
      fc.property(fc.array(scope), fc.array(fc.tuple(resource, action)), (scopes, questions) => {
        const who = principal(...scopes);
        const first = questions.map(([name, act]) => allows(who, name, act));
        const again = [...questions].reverse().map(([name, act]) => allows(who, name, act));
        expect(again.reverse()).toEqual(first);
      }),
    );
  });

  it('words that are no scopes grant nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), resource, action, (wordsOnly, wanted, act) => {
        const noScopes = wordsOnly.filter((word) => !parseScope(word).ok);
        expect(allows(principal(...noScopes), wanted, act)).toBe(false);
      }),
    );
  });

  it.each([
    '',
    'quote',
    'quote:',
    ':read',
    'quote:fly',
    '**:read',
    'a*b:read',
    'quote:read:write',
    ' quote:read',
  ])('"%s" is not a scope', (text) => {
    expect(parseScope(text)).toMatchObject({ ok: false, error: expect.stringContaining('is not a scope') });
  });

  it('no actions follow from one another: who may write may not delete', () => {
    expect(ACTIONS.map((act) => allows(principal('quote:write'), 'quote', act))).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  it('names of inherited properties are ordinary resources', () => {
    expect(allows(principal('quote:*'), 'constructor', 'read')).toBe(false);
    expect(allows(principal('quote:*'), '__proto__', 'read')).toBe(false);
  });

  it('a refusal names the missing scope in its message and its challenge', () => {
    expect(() => requireScope(principal('quote:read'), 'quote', 'write')).toThrow(
      expect.objectContaining({
        status: 403,
        code: 'insufficientScope',
        message: expect.stringContaining('quote:write'),
        headers: {
          'WWW-Authenticate': expect.stringContaining('error="insufficient_scope", scope="quote:write"'),
        },
      }),
    );
    expect(() => requireScope(principal('quote:*'), 'quote', 'write')).not.toThrow();
  });

  it('a refusal names all scopes of which one is enough', () => {
    expect(insufficientScope(['category', 'quote'], 'read')).toMatchObject({
      message: expect.stringContaining('needs one of the scopes category:read, quote:read, which'),
      headers: { 'WWW-Authenticate': expect.stringContaining('scope="category:read quote:read"') },
    });
  });
});

describe('roles', () => {
  it.each([
    ['admin', 'anything', 'admin', true],
    ['operator', 'hub', 'admin', true],
    ['operator', 'quote', 'write', false],
    ['integrator', 'productOffering', 'delete', true],
    ['integrator', 'hub', 'admin', false],
    ['sales', 'quote', 'write', true],
    ['sales', 'productOrder', 'write', true],
    ['sales', 'productOffering', 'read', true],
    ['sales', 'productOffering', 'write', false],
    ['reader', 'quote', 'read', true],
    ['reader', 'quote', 'write', false],
    ['connector', 'productOrder', 'write', true],
    ['connector', 'productOrder', 'delete', false],
    ['nobody', 'quote', 'read', false],
    ['constructor', 'quote', 'read', false],
  ] as const)('%s: %s %s is %s', (role, name, act, allowed) => {
    expect(allows(principal(...scopesOf(DEFAULT_ROLES, [role])), name, act)).toBe(allowed);
  });

  it('a table with wrong scopes is refused at start with all of them named', () => {
    expect(() => checkedRoles({ good: ['quote:read'], bad: ['quote:fly'], worse: ['no'] })).toThrow(
      /role bad: "quote:fly".*role worse: "no"/,
    );
  });
});
