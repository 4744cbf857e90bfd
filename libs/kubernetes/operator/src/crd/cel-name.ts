// Names that CEL keeps for itself (Kubernetes, "Validation rules", escaping).
const RESERVED = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
);

/** A property's name as CEL rules must write it: reserved words and other characters are escaped. */
export const celName = (name: string): string =>
  RESERVED.has(name)
    ? `__${name}__`
    : name
        .replaceAll('__', '__underscores__')
        .replaceAll('.', '__dot__')
        .replaceAll('-', '__dash__')
        .replaceAll('/', '__slash__');
