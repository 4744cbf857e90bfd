import { messageOf } from '@quotebridge/platform/core';

/** A check by what reads the value later: the sentence that it throws is what is wrong. */
export const checkedBy =
  <T>(read: (value: T) => unknown) =>
  (value: T): string | undefined => {
    try {
      read(value);
      return undefined;
    } catch (thrown) {
      return messageOf(thrown);
    }
  };

const isHttp = (text: string): boolean => /^https?:\/\/[^/]/.test(text) && URL.canParse(text);

/** A check that every entry fits; `what` it has to be is the end of the sentence about the first that does not. */
export const onlyWhere =
  (fits: (entry: string) => boolean, what: string) =>
  (entries: readonly string[]): string | undefined => {
    const wrong = entries.find((entry) => !fits(entry));
    return wrong === undefined ? undefined : `${wrong} is not ${what}`;
  };

/** Every entry is an address of HTTP. */
export const onlyUrls = onlyWhere(isHttp, 'a URL that starts with http:// or https://');

/** Every entry is an origin as browsers send it (RFC 6454, section 6.2), or `*`. */
export const onlyOrigins = onlyWhere(
  (entry) => entry === '*' || (isHttp(entry) && new URL(entry).origin === entry),
  'an origin such as https://shop.example.com, without a path, nor *',
);

/** An address of HTTP, or a path that begins with one slash; neither ends with one, since a path follows. */
export const urlOrPath = (text: string): string | undefined =>
  !text.endsWith('/') && (isHttp(text) || /^\/[^/]/.test(text))
    ? undefined
    : 'expected a URL that starts with http:// or https://, or a path such as /deals, without a slash at the end';
