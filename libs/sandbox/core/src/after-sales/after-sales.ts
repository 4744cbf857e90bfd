import { accountsOf, type Account, type Contract, type Person, type Supplier } from './accounts';
import { machinesOf, type Assembly, type Equipment, type MachineModel } from './machines';
import { partsOf, type ServicePart } from './parts';
import { scaled } from './mixed';

/** The whole after-sales business of the made-up machine builder. */
export interface AfterSales {
  readonly models: readonly MachineModel[];
  readonly assemblies: readonly Assembly[];
  readonly parts: readonly ServicePart[];
  readonly accounts: readonly Account[];
  readonly people: readonly Person[];
  readonly suppliers: readonly Supplier[];
  readonly contracts: readonly Contract[];
  readonly equipment: readonly Equipment[];
}

/**
 * The same data on every machine for a seed and a factor. Factor 1: 40 machine models with structures of 5 levels, 2,000 spare
 * parts with supersessions, 500 customers in hierarchies with contracts, 40 suppliers, 800 installed machines. 0 is nothing.
 */
export const afterSales = (seed: number, factor: number): AfterSales => {
  if (factor <= 0)
    return {
      models: [],
      assemblies: [],
      parts: [],
      accounts: [],
      people: [],
      suppliers: [],
      contracts: [],
      equipment: [],
    };
  const suppliers = scaled(40, factor, 3);
  const parts = partsOf(seed, scaled(100, factor, 3), suppliers);
  const customers = accountsOf(seed, scaled(500, factor, 10), suppliers);
  return {
    parts,
    ...customers,
    ...machinesOf(
      seed,
      factor,
      parts,
      customers.accounts.filter(({ level }) => level === 'site'),
    ),
  };
};

/** Most of the business that there can be. */
export const MOST_AFTER_SALES = 1_000;

/** A part of the business, or all of it with so many copies: a factor above 1 is rounded up. */
export const afterSalesBlocks = (
  seed: number,
  factor: number,
): { readonly block: AfterSales; readonly copies: number } => ({
  block: afterSales(seed, Math.min(1, factor)),
  copies: Math.max(0, Math.ceil(Math.min(MOST_AFTER_SALES, factor)) - 1),
});
