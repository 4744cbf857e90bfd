import type { Completeness } from '../settings';

/** True when the name fits the pattern: `*` stands for any letters, `?` for one. Linear in the length of the name. */
export const fits = (name: string, pattern: string): boolean => {
  let at = 0;
  let place = 0;
  let star = -1;
  let retry = 0;
  while (at < name.length) {
    if (
      place < pattern.length &&
      (pattern[place] === '?' || (pattern[place] === name[at] && pattern[place] !== '*'))
    ) {
      at += 1;
      place += 1;
    } else if (pattern[place] === '*') {
      star = place;
      retry = at;
      place += 1;
    } else if (star >= 0) {
      place = star + 1;
      retry += 1;
      at = retry;
    } else return false;
  }
  while (pattern[place] === '*') place += 1;
  return place === pattern.length;
};

/** The name of the file that tells about `name`: a done file, checksum or manifest. */
export const sidecarOf = (complete: Completeness, name: string): string | undefined => {
  if (complete.kind === 'stable') return undefined;
  const dot = name.lastIndexOf('.');
  const stem = dot > 0 ? name.slice(0, dot) : name;
  return complete.file.replaceAll('{name}', name).replaceAll('{stem}', stem);
};

const UNFINISHED = /\.(part|partial|tmp|temp|filepart|crdownload)$|^\./i;

/** The names of a listing that are files of the drop: not hidden, not unfinished, not telling about another one. */
export const filesOf = (
  names: readonly string[],
  pattern: string,
  complete: Completeness,
): readonly string[] => {
  const found = names.filter((name) => fits(name, pattern) && !UNFINISHED.test(name));
  const sidecars = new Set(found.map((name) => sidecarOf(complete, name)));
  return found.filter((name) => !sidecars.has(name));
};
