import type { JsonObject } from '@quotebridge/platform/core';
import { readDate, readTime } from './odata-values';

/** When a business partner was last changed (date-time): the system tells a day and a time of day only, to the second. */
export const partnerChangedAt = (partner: JsonObject): string | undefined => {
  const day = readDate(partner['LastChangeDate']) ?? readDate(partner['CreationDate']);
  return day === undefined
    ? undefined
    : `${day.slice(0, 10)}T${readTime(partner['LastChangeTime']) ?? '00:00:00'}.000Z`;
};
