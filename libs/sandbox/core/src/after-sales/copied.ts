import { insertedAt, numberedBy, plainMove, type Move } from '../tables';

/** When the first and the last of the rows that are copied were changed, milliseconds. */
export interface SeededTimes {
  readonly first: number;
  readonly last: number;
}

/** Material QP-100001 is Q0417P-100001 in copy 417 of the business. */
export const movedMaterial: Move['to'] = insertedAt(1, /^Q[A-Z]-/);

/** Business partner 20100001 is 2417100001: ten digits, as many as the ERP allows. */
export const movedPartner: Move['to'] = numberedBy(/^20\d{6}$/, 1_000_000, 1_980_000_000);

/** The first number in a name, not one behind a letter. */
export const movedName = (most: number): Move => plainMove(numberedBy(/(?<=[ /-])\d+/, 1_000, 0, most));

/** The last seven digits of a telephone number. */
export const movedPhone: Move = plainMove(numberedBy(/\d{7}$/, 1_000));

/** The number of the customer in an e-mail address. */
export const movedEmail: Move = plainMove((value, block, row) =>
  String(value).replace(/(?<=@)\d+/, (number) => String(movedPartner(number, block, row))),
);
