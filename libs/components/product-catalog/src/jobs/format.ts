/** How the records of a job are written in its file. */
export type Format = 'ndjson' | 'json' | 'csv';

const BY_TYPE: Readonly<Record<string, Format>> = {
  'application/x-ndjson': 'ndjson',
  'application/ndjson': 'ndjson',
  'application/json': 'json',
  'text/csv': 'csv',
};

/** Media type of each format. */
export const MEDIA_TYPE: Readonly<Record<Format, string>> = {
  ndjson: 'application/x-ndjson',
  json: 'application/json',
  csv: 'text/csv',
};

/** Format of a job: by its content type, else by the ending of its url; undefined when neither says it. */
export const formatOf = (job: Readonly<Record<string, unknown>>): Format | undefined => {
  const { contentType, url } = job;
  if (typeof contentType === 'string') return BY_TYPE[contentType.split(';')[0]?.trim().toLowerCase() ?? ''];
  const ending = /\.(ndjson|json|csv)(?:[?#].*)?$/i
    .exec(typeof url === 'string' ? url : '')?.[1]
    ?.toLowerCase();
  return ending === undefined ? 'ndjson' : (ending as Format);
};
