import { dayFrom2018, mixed, pick, times } from './mixed';

/** A price list of the machine builder. */
export type PriceList = '01' | '02' | '03';

/** What each price list makes of the list price, in percent. */
export const PRICE_LISTS: Readonly<Record<PriceList, number>> = { '01': 98, '02': 93, '03': 88 };

/** A customer: the head of a group, its company in a country, or a site that orders. */
export interface Account {
  readonly number: string;
  readonly name: string;
  readonly level: 'group' | 'country' | 'site';
  /** Number of the account above. */
  readonly parent?: string;
  readonly shipTo: string;
  readonly billTo: string;
  readonly payer: string;
  readonly street: string;
  readonly houseNumber: string;
  readonly postalCode: string;
  readonly city: string;
  readonly country: string;
  readonly phone: string;
  readonly email: string;
  readonly priceList: PriceList;
}

/** Someone who works for a customer. */
export interface Person {
  readonly number: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly company: string;
}

/** Someone who makes parts for the machine builder. */
export interface Supplier {
  readonly number: string;
  readonly name: string;
  readonly city: string;
  readonly country: string;
}

/** A service contract with a customer. */
export interface Contract {
  readonly number: string;
  readonly customer: string;
  readonly type: 'WV' | 'MV';
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const FIRST = ['Aurel', 'Borea', 'Castel', 'Dorin', 'Elbtal', 'Faro', 'Gradis', 'Hellas', 'Istria', 'Jura'];
const TRADE = ['Metalworks', 'Castings', 'Forming', 'Automotive', 'Tooling', 'Steel', 'Components'];
// country|city|postal code|telephone
const PLACES = `
DE|Chemnitz|09111|49371
DE|Ulm|89073|49731
AT|Linz|4020|43732
CH|Winterthur|8400|4152
FR|Lille|59000|33320
IT|Brescia|25121|39030
ES|Zaragoza|50001|34976
NL|Eindhoven|5611|3140
PL|Wroclaw|50001|4871
CZ|Plzen|30100|42037
SE|Malmo|21115|4640
PT|Aveiro|3800|35123`
  .trim()
  .split('\n')
  .map((line) => line.split('|'));
const PEOPLE = ['Alma Berg', 'Bruno Costa', 'Clara Dahl', 'David Erb', 'Elena Ferri', 'Frank Gruber'];
/** Accounts of one group: a head, three companies, six sites. */
const GROUP = 10;
const LISTS: readonly PriceList[] = ['01', '02', '03'];

const numberOf = (index: number): string => String(20_100_001 + index);

const accountAt = (seed: number, index: number, count: number): Account => {
  const group = Math.floor(index / GROUP);
  const head = group * GROUP;
  const place = index - head;
  const level = place === 0 ? 'group' : place <= 3 ? 'country' : 'site';
  const countryAt = head + 1 + ((place - 4) % 3);
  const company = level === 'site' && countryAt < count ? countryAt : head;
  const [country = 'DE', city = '', postalCode = '', dial = '49'] = pick(
    PLACES,
    mixed(seed, level === 'group' ? head : level === 'country' ? index : company, 21),
  );
  const base = `${pick(FIRST, group)} ${pick(TRADE, mixed(seed, group, 22))} ${group + 1}`;
  const name =
    level === 'group'
      ? `${base} Group`
      : level === 'country'
        ? `${base} ${country}`
        : `${base} ${city}, plant ${place - 3}`;
  const number = numberOf(index);
  const sibling = head + 4 + ((place - 4 + 1) % 6);
  // Every fourth site has its goods sent to another one of the group.
  const shipsElsewhere = level === 'site' && mixed(seed, index, 23) % 4 === 0 && sibling < count;
  return {
    number,
    name: name.slice(0, 40),
    level,
    ...(level === 'group' ? {} : { parent: numberOf(level === 'country' ? head : company) }),
    shipTo: shipsElsewhere ? numberOf(sibling) : number,
    billTo: level === 'site' ? numberOf(company) : number,
    payer: numberOf(head),
    street: `Werkstrasse`,
    houseNumber: String(1 + (mixed(seed, index, 24) % 180)),
    postalCode,
    city,
    country,
    phone: `+${dial} ${String(5_550_000 + index)}`,
    email: `parts@${number}.example`,
    priceList: pick(LISTS, group),
  };
};

const personAt = (accounts: readonly Account[], index: number): Person => {
  const company = pick(accounts, index * 5);
  const [firstName = '', lastName = ''] = pick(PEOPLE, index).split(' ');
  return {
    number: String(20_900_001 + index),
    firstName,
    lastName: `${lastName}-${index + 1}`,
    email: `contact.${index + 1}@${company.number}.example`,
    company: company.number,
  };
};

const contractAt = (seed: number, sites: readonly Account[], index: number): Contract => {
  const from = dayFrom2018(1_800 + (mixed(seed, index, 25) % 1_200));
  const isMaintenance = index % 3 !== 0;
  return {
    number: String(40_000_001 + index),
    customer: pick(sites, index * 4).number,
    type: isMaintenance ? 'WV' : 'MV',
    name: isMaintenance ? 'Maintenance agreement' : 'Spare parts frame contract',
    from,
    to: from + (2 + (index % 3)) * 365 * 86_400_000,
  };
};

/** Customers, the people there, their contracts, and suppliers. */
export const accountsOf = (
  seed: number,
  count: number,
  suppliers: number,
): {
  readonly accounts: readonly Account[];
  readonly people: readonly Person[];
  readonly suppliers: readonly Supplier[];
  readonly contracts: readonly Contract[];
} => {
  const accounts = times(count, (index) => accountAt(seed, index, count));
  const sites = accounts.filter(({ level }) => level === 'site');
  return {
    accounts,
    people: times(Math.ceil(count / 5), (index) => personAt(accounts, index)),
    suppliers: times(suppliers, (index) => {
      const [country = 'DE', city = ''] = pick(PLACES, mixed(seed, index, 26));
      return {
        number: String(20_700_001 + index),
        name: `${pick(FIRST, index + 3)} Parts Supply ${index + 1}`,
        city,
        country,
      };
    }),
    contracts: times(Math.ceil(sites.length / 4), (index) => contractAt(seed, sites, index)),
  };
};
