import { Decimal } from 'decimal.js';

/** A decimal of OData V2 (a text) or a JSON number, exact; undefined when it is none. */
export const decimalOf = (value: unknown): Decimal | undefined => {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return /^-?\d{1,20}(\.\d{1,15})?(e[+-]?\d{1,3})?$/i.test(text) ? new Decimal(text) : undefined;
};

/** The JSON number of an exact value, or undefined when it cannot carry it without loss. */
export const numberOf = (value: Decimal): number | undefined => {
  const number = value.toNumber();
  return new Decimal(number).equals(value) ? number : undefined;
};

/** The JSON number of a decimal of OData; undefined when it is none or cannot be carried without loss. */
export const jsonNumber = (value: unknown): number | undefined => {
  const read = decimalOf(value);
  return read === undefined ? undefined : numberOf(read);
};
