import { Refusal } from '@quotebridge/platform/core';

/** Refuses with 406 a client that takes no JSON. */
export const checkAccept = (accept: string | undefined): void => {
  // An empty header says nothing (RFC 9110, 12.5.1).
  if (accept === undefined || accept === '*/*' || accept.trim() === '') return;
  const ranges = accept.split(',').map((range) => range.trim().toLowerCase());
  const takesJson = ranges.some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    if (parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))) return false;
    return (
      type === '*/*' || type === 'application/*' || type === 'application/json' || type.endsWith('+json')
    );
  });
  if (!takesJson) throw new Refusal(406, 'notAcceptable', 'This API answers with application/json only');
};
