/** A table to be shown on the sandbox's page. */
export interface TableView {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: Rows | PagedRows;
}

type Rows = readonly (readonly string[])[];

/** Rows that are made as they are looked at. */
export interface PagedRows {
  readonly count: number;
  from(place: number, count: number): Rows;
}

/** Which page of which table is wanted; the beginning of every table when none is. */
export interface PageQuery {
  readonly table?: string;
  /** From 1. */
  readonly page?: string;
}

const FIRST_ROWS = 25;
const PAGE_ROWS = 100;

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string => text.replace(/[&<>"']/g, (sign) => ESCAPES[sign] ?? sign);

const cells = (tag: 'th' | 'td', values: readonly string[]): string =>
  `<tr>${values.map((value) => `<${tag}>${escape(value)}</${tag}>`).join('')}</tr>`;

const pagesOf = (rows: Rows | PagedRows): PagedRows =>
  'from' in rows ? rows : { count: rows.length, from: (place, count) => rows.slice(place, place + count) };

const link = (title: string, page: number, text: string): string =>
  `<a href="/?table=${encodeURIComponent(title)}&amp;page=${page}">${text}</a>`;

const shown = ({ title, columns, rows }: TableView, place: number, count: number, more: string): string => {
  const pages = pagesOf(rows);
  const body = pages.from(place, count).map((row) => cells('td', row));
  return (
    `<h2>${escape(title)} <small>${pages.count}</small></h2>` +
    (pages.count === 0
      ? '<p>None yet.</p>'
      : `<div class="scroll"><table><thead>${cells('th', columns)}</thead><tbody>${body.join('')}</tbody></table></div>${more}`)
  );
};

const beginning = (view: TableView): string => {
  const { count } = pagesOf(view.rows);
  const more = count > FIRST_ROWS ? `<p>${link(view.title, 1, `All ${count} rows`)}</p>` : '';
  return shown(view, 0, FIRST_ROWS, more);
};

const pageOf = (view: TableView, wanted: string | undefined): string => {
  const last = Math.max(1, Math.ceil(pagesOf(view.rows).count / PAGE_ROWS));
  const page = Math.min(last, Math.max(1, Math.floor(Number(wanted)) || 1));
  const steps = [
    ...(page > 1 ? [link(view.title, page - 1, 'Previous')] : []),
    `Page ${page} of ${last}`,
    ...(page < last ? [link(view.title, page + 1, 'Next')] : []),
    '<a href="/">All tables</a>',
  ];
  return shown(view, (page - 1) * PAGE_ROWS, PAGE_ROWS, `<p>${steps.join(' · ')}</p>`);
};

const STYLE =
  'body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1c2530;background:#fff}' +
  'h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}small{color:#5b6875;font-weight:400}' +
  '.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .7rem;' +
  'border-bottom:1px solid #dde3e9;white-space:nowrap}th{background:#f2f5f8}code{background:#f2f5f8;padding:.1rem .3rem}';

/** The sandbox's data as one self-contained web page: the beginning of every table, or a page of one. */
export const renderPage = (
  title: string,
  intro: string,
  views: readonly TableView[],
  query: PageQuery = {},
): string => {
  const one = views.find((view) => view.title === query.table);
  return (
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escape(title)}</title><style>${STYLE}</style></head><body><h1>${escape(title)}</h1><p>${escape(intro)}</p>` +
    `<p>Switches: <code>/__sandbox/faults</code> <code>/__sandbox/requests</code> <code>/__sandbox/reset</code></p>` +
    `${one ? pageOf(one, query.page) : views.map(beginning).join('')}</body></html>`
  );
};
