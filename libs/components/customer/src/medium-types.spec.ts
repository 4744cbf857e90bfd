import { withMediumTypes } from './medium-types';

describe('withMediumTypes', () => {
  it('names what v4 wants named, by the class, and leaves what is named', () => {
    const contactMedium = [
      { '@type': 'EmailContactMedium', emailAddress: 'a@b.example' },
      { '@type': 'PhoneContactMedium', mediumType: 'mobile' },
      { '@type': 'OwnContactMedium' },
    ];
    expect(withMediumTypes({ contactMedium })['contactMedium']).toMatchObject([
      { mediumType: 'email', emailAddress: 'a@b.example' },
      { mediumType: 'mobile' },
      { mediumType: 'other' },
    ]);
  });

  it('does not copy what has nothing to name', () => {
    const customer = { name: 'x', contactMedium: [{ mediumType: 'email' }] };
    expect(withMediumTypes(customer)).toBe(customer);
    expect(withMediumTypes({ name: 'x' })).toEqual({ name: 'x' });
  });
});
