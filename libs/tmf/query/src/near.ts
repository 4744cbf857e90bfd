const MAX_DISTANCE = 3;

const distance = (a: string, b: string): number => {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const change = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
};

/** Up to three of the known words that a mistyped one may have meant, closest first. */
export const nearMatches = (word: string, known: readonly string[]): string[] => {
  if (word.length > 100) return [];
  const wanted = word.toLowerCase();
  return known
    .filter((name) => Math.abs(name.length - word.length) <= MAX_DISTANCE)
    .map((name) => ({ name, far: distance(wanted, name.toLowerCase()) }))
    .filter(({ far }) => far <= Math.min(MAX_DISTANCE, Math.ceil(word.length / 3)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
};

/** ` Did you mean …?`, or nothing when no known word is near. */
export const didYouMean = (word: string, known: readonly string[]): string => {
  const near = nearMatches(word, known);
  return near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`;
};
