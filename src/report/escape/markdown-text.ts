import { visibleLine } from '../../analysis/visible';

/** What Markdown may take for anything but text, in a table or a summary: markup, HTML, mentions, references. */
const MARKUP = /[^A-Za-z0-9 .,:;/=(){}[\]\u00a0-\uffff-]/gu;
/** Of a link, an address that becomes a link on its own. */
const LINKS = /(?<=\])[([:]|(?<=:\/)\/|(?<=\bwww)\./gi;

/** Text that stays text: every other character is written by its number. */
export const markdownText = (text: string): string => visibleLine(text).replace(MARKUP, byNumber).replace(LINKS, byNumber);

const byNumber = (character: string): string => `&#${character.codePointAt(0)};`;

/** A table without rows is nothing. */
export function markdownTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(title => '-'.repeat(title.length + 2)), ...rows.map(cells => cells.map(markdownText))];
  return lines.map((cells, i) => (i === 1 ? `|${cells.join('|')}|\n` : `| ${cells.join(' | ')} |\n`)).join('');
}
