import { err, ok, type Result } from '@quotebridge/platform/core';

/** Headers with lower-case names, and the text behind them: what parts and messages inside them are made of. */
export interface Section {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const EOL = '\r\n';

/** A section as text: its headers, an empty line, its body (RFC 822 form). */
export const writeSection = ({ headers, body }: Section): string =>
  [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), '', body].join(EOL);

/** Reads a section; a text without an empty line is all headers. */
export const readSection = (text: string): Section => {
  // Without any header the text begins with the empty line.
  const gap = text.startsWith(EOL) ? 0 : text.indexOf(EOL + EOL);
  const head = gap < 0 ? text : text.slice(0, gap);
  const headers = head.split(EOL).flatMap((line): [string, string][] => {
    const colon = line.indexOf(':');
    return colon < 1 ? [] : [[line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]];
  });
  const body = gap < 0 ? '' : text.slice(gap + (gap === 0 ? EOL.length : 2 * EOL.length));
  return { headers: Object.fromEntries(headers), body };
};

/** A multipart/mixed body with the content type that names its boundary. */
export interface Mixed {
  readonly contentType: string;
  readonly body: string;
}

/** Sections as one multipart/mixed body (RFC 2046, 5.1), with a boundary that none of them contains. */
export const writeMixed = (sections: readonly Section[]): Mixed => {
  const texts = sections.map(writeSection);
  let number = 0;
  while (texts.some((text) => text.includes(`batch_${number}`))) number += 1;
  const boundary = `batch_${number}`;
  const parts = texts.map((text) => `--${boundary}${EOL}${text}${EOL}`).join('');
  return { contentType: `multipart/mixed; boundary=${boundary}`, body: `${parts}--${boundary}--${EOL}` };
};

const boundaryOf = (contentType: string | undefined): string | undefined => {
  const [, quoted, bare] =
    /^multipart\/mixed\s*;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType ?? '') ?? [];
  return quoted ?? bare;
};

const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Sections of a multipart/mixed body. One without its closing boundary was cut off, and nothing of it is given. */
export const readMixed = (
  contentType: string | undefined,
  body: string,
): Result<readonly Section[], string> => {
  const boundary = boundaryOf(contentType);
  if (boundary === undefined) return err('its content type is no multipart/mixed with a boundary');
  const delimiter = new RegExp(`${EOL}--${literally(boundary)}(?=--|[ \\t]*${EOL})`);
  // What comes before the first boundary and behind the closing one says nothing (RFC 2046, 5.1.1).
  const [, ...pieces] = `${EOL}${body}`.split(delimiter);
  const end = pieces.findIndex((piece) => piece.startsWith('--'));
  if (end < 0) return err('its closing boundary is missing');
  return ok(pieces.slice(0, end).map((piece) => readSection(piece.replace(/^[ \t]*\r\n/, ''))));
};
