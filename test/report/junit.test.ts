import { junit, TestCase } from '../../src/report/junit';

const passing: TestCase = { name: 'web reaches api', group: 'contract.yaml' };
const failing: TestCase = { name: 'web does not reach db', group: 'contract.yaml', failure: { kind: 'failure', message: 'it does', details: 'by NetworkPolicy shop/db' } };
const unsure: TestCase = { name: 'api does not reach db', group: 'contract.yaml', failure: { kind: 'error', message: 'not known', details: 'no pod range' } };

interface ElementRule {
  readonly required: readonly string[];
  readonly optional: readonly string[];
  readonly children: readonly string[];
}

/** Of the XSD that CI servers share: elements, the attributes that each must and may have, and the elements in it. */
const GRAMMAR: Readonly<Record<string, ElementRule>> = {
  testsuites: { required: [], optional: ['name', 'time', 'tests', 'failures', 'disabled', 'errors'], children: ['testsuite'] },
  testsuite: {
    required: ['name', 'tests'],
    optional: ['failures', 'errors', 'time', 'disabled', 'skipped', 'timestamp', 'hostname', 'id', 'package'],
    children: ['testcase'],
  },
  testcase: { required: ['name'], optional: ['assertions', 'time', 'classname', 'status'], children: ['failure', 'error'] },
  failure: { required: [], optional: ['type', 'message'], children: [] },
  error: { required: [], optional: ['type', 'message'], children: [] },
};

/** Whether it is well-formed and keeps to the grammar: what is wrong with it. */
function faults(xml: string): string[] {
  const found: string[] = [];
  const open: string[] = ['document'];
  for (const [, close, name, attributes, empty] of xml.replace(/^<\?xml [^?]*\?>\n/, '').matchAll(/<(\/?)([a-z]+)((?:\s[^<>]*?)?)(\/?)>/g)) {
    if (close) {
      if (open.pop() !== name) { found.push(`</${name}> closes another`); }
      continue;
    }
    const rule = GRAMMAR[name];
    if (!rule) { found.push(`<${name}>`); continue; }
    const parent = open[open.length - 1];
    if (!(parent === 'document' ? ['testsuites'] : GRAMMAR[parent].children).includes(name)) { found.push(`<${name}> in <${parent}>`); }
    const own = [...attributes.matchAll(/\s([a-z]+)="([^"<]*)"/g)];
    if (attributes.replace(/\s[a-z]+="[^"<]*"/g, '') !== '') { found.push(`attributes of <${name}>: ${attributes}`); }
    const keys = own.map(([, key]) => key);
    found.push(...rule.required.filter(key => !keys.includes(key)).map(key => `<${name}> without ${key}`));
    found.push(...keys.filter(key => ![...rule.required, ...rule.optional].includes(key)).map(key => `<${name} ${key}>`));
    if (!empty) { open.push(name); }
  }
  if (open.length !== 1) { found.push(`${open[open.length - 1]} is open`); }
  if (/&(?!(?:amp|lt|gt|quot|#\d+);)/.test(xml)) { found.push('a bare &'); }
  // eslint-disable-next-line no-control-regex -- these are what must not be there
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(xml)) { found.push('a character that XML cannot hold'); }
  return found;
}

test('the checker sees what is wrong', () => {
  expect(faults('<testsuites><testcase name="x"/></testsuites>')).toEqual(['<testcase> in <testsuites>']);
  expect(faults('<testsuites>&nbsp;')).toEqual(['testsuites is open', 'a bare &']);
  expect(faults('<testsuites><testsuite name="x" tests="1" colour="y"></testsuite></testsuites>')).toEqual(['<testsuite colour>']);
});

test('cases are counted by outcome, in all and in each suite', () => {
  const xml = junit('check', [{ name: 'contract.yaml', cases: [passing, failing, unsure] }, { name: 'other.yaml', cases: [passing] }]);
  expect(faults(xml)).toEqual([]);
  expect(xml).toContain('<testsuites name="check" tests="4" failures="1" errors="1">');
  expect(xml).toContain('<testsuite name="contract.yaml" tests="3" failures="1" errors="1">');
  expect(xml).toContain('<testsuite name="other.yaml" tests="1" failures="0" errors="0">');
});

test('a failure has its sentence and its details, and one that passes has neither', () => {
  const xml = junit('check', [{ name: 's', cases: [passing, failing, unsure] }]);
  expect(xml).toContain('<testcase name="web reaches api" classname="contract.yaml"/>');
  expect(xml).toContain('<failure message="it does" type="failure">by NetworkPolicy shop/db</failure>');
  expect(xml).toContain('<error message="not known" type="error">no pod range</error>');
});

test('without cases it is valid too', () => {
  expect(faults(junit('check', []))).toEqual([]);
  expect(faults(junit('check', [{ name: 'empty', cases: [] }]))).toEqual([]);
});

test('names of other people cannot break out of the document, nor put into it what XML cannot hold', () => {
  const hostile = '"/></testcase><evil a=\'&\'>\u0000\u001b[31m\ufffe\ud800 ]]>\r\n\tend';
  const xml = junit(hostile, [{ name: hostile, cases: [{ name: hostile, group: hostile, failure: { kind: 'failure', message: hostile, details: hostile } }] }]);
  expect(faults(xml)).toEqual([]);
  expect(xml).not.toContain('<evil');
  expect(xml).toContain('\\u0000\\u001b[31m\\ufffe\\ud800 ]]&gt;\\u000d');
});

test('line ends stay in details, and in attributes too', () => {
  const xml = junit('a', [{ name: 's', cases: [{ name: 'one\ntwo', group: 'g', failure: { kind: 'failure', message: 'm', details: 'first\nsecond' } }] }]);
  expect(xml).toContain('name="one&#10;two"');
  expect(xml).toContain('>first\nsecond</failure>');
});
