import { ListReport } from './list-report';
import { picture } from './picture';
import { exposureRows, hasWhy, listRows, Row, whyOf } from './rows';
import { htmlText } from '../escape/html-text';

/** The one script of the page: it holds no data, and nothing else may run. */
export const SCRIPT = `document.getElementById('filter').addEventListener('input',function(event){
var words=event.target.value.toLowerCase().split(/\\s+/);
document.querySelectorAll('tbody tr').forEach(function(row){
var text=row.textContent.toLowerCase();
row.hidden=!words.every(function(word){return text.indexOf(word)>=0;});});});`;

/** By which a browser knows it. */
export const SCRIPT_HASH = 'sha256-+Gj4tjB9tYXT520EQTjkGgMD8vW2vMMtM0oyyA6Uw/0=';

const STYLE = `body{font:14px/1.4 system-ui,sans-serif;margin:2rem;color:#222;background:#fff}
table{border-collapse:collapse;margin:1rem 0}th,td{border:1px solid #ccc;padding:.2rem .6rem;text-align:left;font-variant-numeric:tabular-nums}
th{background:#f3f3f3}tr.some td:nth-child(3){color:#a60}tr.unknown td:nth-child(3){color:#666;font-style:italic}
svg{max-width:70rem;width:100%;font-size:11px}svg path{fill:none;stroke:#2a7;stroke-width:1.2;opacity:.7}svg path.some{stroke:#d80;stroke-dasharray:5 3}
svg path.unknown{stroke:#888;stroke-dasharray:2 3}svg marker path{fill:#555;stroke:none}circle.workload{fill:#25c}circle.outside{fill:#c33}
#filter{width:30rem;padding:.3rem}`;

const POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'`;

/** One file that needs no other. */
export function listHtml(report: ListReport): string {
  const { connections, exposure, notes = [] } = report;
  const rows = listRows(connections);
  const drawn = picture(report);
  return [
    '<!DOCTYPE html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${htmlText(POLICY).replace(/&#39;/g, '\'')}">`,
    '<title>Connections</title>',
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '<h1>Connections</h1>',
    `<p>${rows.length} lines. <em>Some</em>: not every request passes. <em>Unknown</em>: it depends on what the input does not say.</p>`,
    '<p><input id="filter" type="search" placeholder="filter the rows" aria-label="filter the rows"></p>',
    ...drawn === undefined ? [] : [drawn],
    table(['src', 'dst', 'conn'], rows),
    ...exposure ? [
      '<h2>Exposure</h2>',
      '<h3>Egress</h3>',
      table(['src', 'dst', 'conn'], exposureRows(exposure, 'egress')),
      '<h3>Ingress</h3>',
      table(['src', 'dst', 'conn'], exposureRows(exposure, 'ingress')),
      ...exposure.unprotected.length === 0 ? [] : [
        '<h3>Workloads not protected by network policies</h3>',
        `<ul>${exposure.unprotected.map(({ workload, direction }) => `<li>${htmlText(workload)}: ${direction}</li>`).join('')}</ul>`,
      ],
    ] : [],
    ...[...notes, ...exposure?.notes ?? []].map(note => `<p>${htmlText(note)}</p>`),
    `<script>${SCRIPT}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function table(header: readonly string[], rows: readonly Row[]): string {
  const why = hasWhy(rows);
  const body = rows.map(row => {
    const cells = [`<td>${htmlText(row.src)}</td>`, `<td>${htmlText(row.dst)}</td>`, `<td>${htmlText(row.conn)}</td>`];
    return `<tr class="${row.certainty}">${cells.join('')}${why ? `<td>${htmlText(whyOf(row))}</td>` : ''}</tr>`;
  });
  return ['<table>', `<thead><tr>${[...header, ...why ? ['why'] : []].map(title => `<th>${title}</th>`).join('')}</tr></thead>`, '<tbody>', ...body, '</tbody>', '</table>'].join('\n');
}
