/** Attributes that only a scope that names them opens: resource → attribute → resource of the scope. */
export const CONFIDENTIAL: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  productSpecification: { procurementCost: 'procurementCost' },
};

/** Names of the confidential attributes of a resource; files of jobs never hold them. */
export const confidentialNames = (resource: string): readonly string[] =>
  Object.keys(CONFIDENTIAL[resource] ?? {});
