/** A customer as both systems know it. */
export interface Customer {
  /** Customer number in the ERP; the account's number in the CRM. */
  readonly number: string;
  readonly name: string;
  readonly street: string;
  readonly houseNumber: string;
  readonly postalCode: string;
  readonly city: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly phone: string;
  readonly email: string;
  readonly website: string;
}

const LIST = `
10100001|Nordhafen Maschinenwerke GmbH|Werftstrasse|12|24103|Kiel|DE|+49 431 5550101|einkauf@nordhafen.example
10100002|Alpenstahl Presswerk AG|Industrieweg|7|6020|Innsbruck|AT|+43 512 5550102|procurement@alpenstahl.example
10100003|Rheintal Umformtechnik GmbH|Rheinallee|88|55118|Mainz|DE|+49 6131 5550103|einkauf@rheintal.example
10100004|Fonderie du Lac SA|Rue du Port|3|74000|Annecy|FR|+33 4 5555 0104|achats@fonderie-du-lac.example
10100005|Officine Meccaniche Brenta S.p.A.|Via delle Industrie|41|35129|Padova|IT|+39 049 5550105|acquisti@brenta.example
10100006|Vansta Tooling BV|Havenkade|19|3011|Rotterdam|NL|+31 10 5550106|inkoop@vansta.example
10100007|Kaskad Automotive s.r.o.|Tovarni|5|61700|Brno|CZ|+420 5 5555 0107|nakup@kaskad.example
10100008|Lindqvist Forge AB|Smedjegatan|22|41113|Gothenburg|SE|+46 31 5550108|inkop@lindqvist.example
10100009|Polska Odlewnia Sp. z o.o.|ul. Hutnicza|64|40241|Katowice|PL|+48 32 5550109|zakupy@odlewnia.example
10100010|Iberia Estampados S.L.|Calle del Acero|15|48001|Bilbao|ES|+34 94 5550110|compras@iberia-estampados.example`;

const customer = (line: string): Customer => {
  const [
    number = '',
    name = '',
    street = '',
    houseNumber = '',
    postalCode = '',
    city = '',
    country = '',
    phone = '',
    email = '',
  ] = line.split('|');
  const website = `https://www.${email.split('@')[1] ?? ''}`;
  return { number, name, street, houseNumber, postalCode, city, country, phone, email, website };
};

/** The ten customers of the made-up machine builder. */
export const CUSTOMERS: readonly Customer[] = LIST.trim().split('\n').map(customer);
