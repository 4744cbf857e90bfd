/** A table to be shown on the sandbox's page. */
export interface TableView {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

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

const table = ({ title, columns, rows }: TableView): string =>
  `<h2>${escape(title)} <small>${rows.length}</small></h2>` +
  (rows.length === 0
    ? '<p>None yet.</p>'
    : `<div class="scroll"><table><thead>${cells('th', columns)}</thead><tbody>${rows.map((row) => cells('td', row)).join('')}</tbody></table></div>`);

const STYLE =
  'body{font:15px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;color:#1c2530;background:#fff}' +
  'h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}small{color:#5b6875;font-weight:400}' +
  '.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.35rem .7rem;' +
  'border-bottom:1px solid #dde3e9;white-space:nowrap}th{background:#f2f5f8}code{background:#f2f5f8;padding:.1rem .3rem}';

/** The sandbox's data as one self-contained web page. */
export const renderPage = (title: string, intro: string, views: readonly TableView[]): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
  `<title>${escape(title)}</title><style>${STYLE}</style></head><body><h1>${escape(title)}</h1><p>${escape(intro)}</p>` +
  `<p>Switches: <code>/__sandbox/faults</code> <code>/__sandbox/requests</code> <code>/__sandbox/reset</code></p>` +
  `${views.map(table).join('')}</body></html>`;
