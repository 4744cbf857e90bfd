import { decimalOf, isCurrency } from '@quotebridge/cpq/pricing';
import type { Threshold } from './authorization';

/**
 * Thresholds from settings: discounts as `<per cent>:<role>` (`20:sales-manager`), totals as
 * `<currency>:<amount>:<role>` (`EUR:250000:management`). Throws a sentence that names the wrong entry.
 */
export const readThresholds = (
  discounts: readonly string[],
  totals: readonly string[],
): readonly Threshold[] => [...discounts.map(readDiscount), ...totals.map(readTotal)];

const readDiscount = (text: string): Threshold => {
  const [figure, role, ...rest] = text.split(':').map((part) => part.trim());
  const percent = decimalOf(figure);
  if (percent === undefined || percent.isNegative() || !role || rest.length > 0) {
    throw new Error(
      `The discount threshold '${text}' is not <per cent>:<role>, for example 20:sales-manager.`,
    );
  }
  return { kind: 'discount', percent, role };
};

const readTotal = (text: string): Threshold => {
  const [currency, figure, role, ...rest] = text.split(':').map((part) => part.trim());
  const amount = decimalOf(figure);
  if (!isCurrency(currency) || amount === undefined || amount.isNegative() || !role || rest.length > 0) {
    throw new Error(
      `The total threshold '${text}' is not <currency>:<amount>:<role>, for example EUR:250000:management.`,
    );
  }
  return { kind: 'total', amount, currency, role };
};
