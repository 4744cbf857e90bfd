/** What one step of a calculation did. */
export type StepRule = 'skipped' | 'bundle' | 'price' | 'tier' | 'quantity' | 'alteration' | 'tax' | 'sum';

/** One step of a calculation, in the order it was made. Amounts are texts such as `95.00 EUR`. */
export interface PriceStep {
  readonly rule: StepRule;
  readonly text: string;
  readonly priceId?: string;
  readonly before?: string;
  readonly after?: string;
}

/** The steps as v5 JSON for the extension attribute `priceExplanation[]`, numbered from 1. */
export const explanationJson = (steps: readonly PriceStep[]): { [key: string]: string | number }[] =>
  steps.map((step, index) => ({
    '@type': 'PriceExplanationStep',
    step: index + 1,
    rule: step.rule,
    text: step.text,
    ...(step.priceId === undefined ? {} : { productOfferingPriceId: step.priceId }),
    ...(step.before === undefined ? {} : { before: step.before }),
    ...(step.after === undefined ? {} : { after: step.after }),
  }));
