export { fitOf, type Fit, type FitCode, type FitReason, type Machine } from './fit';
export { customerPrice, type CustomerPrice, type PriceStep } from './customer-price';
export { customerTerms, type CustomerTerms, type NoPrice } from './customer-terms';
export { CONDITIONS, type PriceDocument, type PriceLevel, type PriceQuestion } from './price-candidates';
export { RELATIONS } from './relations';
export {
  resolveSupersession,
  SUPERSESSION_LIMITS,
  type Interchangeability,
  type ReadSpecifications,
  type Replacement,
  type Supersession,
  type SupersessionStep,
} from './supersession';
