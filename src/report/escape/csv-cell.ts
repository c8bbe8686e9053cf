import { visible } from '../../analysis/visible';

/** What a spreadsheet would take for a formula begins with a quotation mark, which it shows and does not run. */
const FORMULA = /^[\s]*[=+\-@\t\r]/;

/** RFC 4180. */
export function csvCell(text: string): string {
  const safe = FORMULA.test(text) ? `'${visible(text)}` : visible(text);
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}

export const csvTable = (rows: readonly (readonly string[])[]): string => rows.map(cells => `${cells.map(csvCell).join()}\r\n`).join('');
