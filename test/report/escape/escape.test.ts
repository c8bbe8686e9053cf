import { csvCell } from '../../../src/report/escape/csv-cell';
import { dotText } from '../../../src/report/escape/dot-text';
import { htmlText } from '../../../src/report/escape/html-text';
import { markdownText } from '../../../src/report/escape/markdown-text';
import { mermaidText } from '../../../src/report/escape/mermaid-text';
import { HOSTILE } from '../hostile';

const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e]/; // eslint-disable-line no-control-regex

test.each(HOSTILE)('%j stays text in every form', name => {
  expect(dotText(name)).toMatch(/^"([^"\\\n]|\\["\\])*"$/);
  expect(mermaidText(name)).toMatch(/^"[^"<>&`\\\n]*"$/);
  expect(htmlText(name)).not.toMatch(/[<>"'`\n]|&(?!(amp|lt|gt|quot|#39|#96);)/);
  expect(markdownText(name)).not.toMatch(/[|<>`*_\\\n!@]|\]\(|\]\[|:\/\/|www\.|(?<!&)#|&(?!#\d+;)/);
  for (const text of [dotText(name), mermaidText(name), htmlText(name), markdownText(name), csvCell(name)]) { expect(text).not.toMatch(CONTROL); }
});

test.each(HOSTILE)('%j is no formula, and one cell', name => {
  expect(csvCell(name)).not.toMatch(/^"?\s*[=+\-@\t\r]/);
  expect(csvCell(name)).toMatch(/^([^",\r\n]*|"([^"]|"")*")$/);
});

test('usual names stay as they are', () => {
  for (const name of ['shop/web[Deployment]', '10.0.0.0-10.255.255.255[External]', '{ingress-controller}', 'TCP 80,443,UDP 53', '::-ffff::[External]']) {
    expect([markdownText(name), htmlText(name), dotText(name)]).toEqual([name, name, `"${name}"`]);
  }
  expect(csvCell('TCP 80,443')).toBe('"TCP 80,443"');
  expect(csvCell('shop/web[Deployment]')).toBe('shop/web[Deployment]');
});
