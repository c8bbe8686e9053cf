import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InputOptions, readPaths, readText } from '../../../src/analysis/input/read-paths';
import { SourceDocuments } from '../../../src/analysis/input/source-documents';

let folder: string;
beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'input-')); });
afterEach(() => rmSync(folder, { recursive: true }));

const at = (path: string): string => join(folder, path);

function write(path: string, content: string | Buffer): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
}

const pod = (name: string): string => `kind: Pod\nmetadata:\n  name: ${name}\n`;

/** What was read, each with the name of the object, and the paths without the folder. */
function told(documents: SourceDocuments): { found: string[]; problems: string[] } {
  const short = (text: string): string => text.replaceAll(`${folder}/`, '');
  const found = [...documents].map(({ value, at: place }) => `${short(place)} ${(value as { metadata: { name: string } }).metadata.name}`);
  return { found, problems: documents.problems.map(problem => short(`${problem.at}: ${problem.message}`)) };
}

const read = (paths: string[], options?: InputOptions): ReturnType<typeof told> => told(readPaths(paths.map(path => (path === '-' ? path : at(path))), options));
const readOne = (text: string, options?: InputOptions): ReturnType<typeof told> => told(readText(text, 'x.yaml', options));

describe('which files are read', () => {
  test('those of YAML and JSON in a folder, at any depth, in the order of their names', () => {
    for (const path of ['b.yaml', 'a/z.yml', 'a/b/c.json', 'c.yaml', 'B.yaml', 'a.yaml', 'read.me', 'x.yaml.bak', 'y.tpl']) {
      write(path, path.endsWith('.json') ? '{"kind":"Pod","metadata":{"name":"json"}}' : pod('p'));
    }
    expect(read(['.'])).toEqual({ found: ['B.yaml:1 p', 'a/b/c.json:1 json', 'a/z.yml:1 p', 'a.yaml:1 p', 'b.yaml:1 p', 'c.yaml:1 p'], problems: [] });
  });

  test('hidden folders and node_modules are left out with a note, unless they are named; hidden files are read as kubectl does', () => {
    for (const path of ['.git/a.yaml', '.argo/a.yaml', '.hidden.yaml', 'node_modules/x/b.yaml', 'sub/node_modules/c.yaml', 'd.yaml']) { write(path, pod('p')); }
    const documents = readPaths([folder]);
    expect(told(documents).found).toEqual(['.hidden.yaml:1 p', 'd.yaml:1 p']);
    expect(documents.notes).toEqual([`hidden folders and node_modules are not looked into; name those that hold manifests: ${['.argo', 'node_modules', 'sub/node_modules'].map(at).join(', ')}`]);
    expect(read(['.git', '.hidden.yaml', 'node_modules']).found).toEqual(['.git/a.yaml:1 p', '.hidden.yaml:1 p', 'node_modules/x/b.yaml:1 p']);
  });

  test('whatever the case of their extension', () => {
    for (const path of ['a.YAML', 'b.Yml']) { write(path, pod('p')); }
    write('c.JSON', '{"kind":"Pod","metadata":{"name":"json"}}');
    expect(read(['.'])).toEqual({ found: ['a.YAML:1 p', 'b.Yml:1 p', 'c.JSON:1 json'], problems: [] });
  });

  test('a file that is named is read whatever it is called', () => {
    write('policies.txt', pod('p'));
    expect(read(['policies.txt']).found).toEqual(['policies.txt:1 p']);
  });

  test('each one once, though paths and links lead to it twice', () => {
    write('a/x.yaml', pod('p'));
    symlinkSync(at('a'), at('b'));
    symlinkSync(at('a/x.yaml'), at('c.yaml'));
    symlinkSync(at('.'), at('a/loop'));
    symlinkSync(at('nowhere'), at('dangling'));
    expect(read(['a/x.yaml', '.', 'a', 'c.yaml'])).toEqual({ found: ['a/x.yaml:1 p'], problems: [] });
  });

  test('a path that leads nowhere is a problem, as is a folder without such a file', () => {
    mkdirSync(at('empty'));
    write('a.yaml', pod('p'));
    symlinkSync(at('nowhere'), at('dangling.yaml'));
    symlinkSync(at('self.yaml'), at('self.yaml'));
    expect(read(['missing', 'empty', '.'])).toEqual({
      found: ['a.yaml:1 p'],
      problems: [
        'missing: there is no such file or folder', 'empty: the folder holds no *.yaml, *.yml or *.json file',
        'dangling.yaml: there is no such file or folder', 'self.yaml: the link leads to itself',
      ],
    });
  });

  test('the standard input stands where - does', () => {
    write('a.yaml', pod('a'));
    write('b.yaml', pod('b'));
    const standardInput = openSync(at('b.yaml'), 'r');
    try {
      expect(read(['-', 'a.yaml', '-'], { standardInput }).found).toEqual(['stdin:1 b', 'a.yaml:1 a']);
    } finally {
      closeSync(standardInput);
    }
    expect(read(['a.yaml', '-'], { standardInput: pod('c') }).found).toEqual(['a.yaml:1 a', 'stdin:1 c']);
  });
});

describe('how files are read', () => {
  test('no file is opened before somebody asks for its objects', () => {
    write('a.yaml', pod('a'));
    write('b.yaml', pod('b'));
    const documents = readPaths([at('a.yaml'), at('b.yaml')]);
    const iterator = documents[Symbol.iterator]();
    iterator.next();
    writeFileSync(at('b.yaml'), pod('changed'));
    expect(iterator.next().value).toMatchObject({ value: { metadata: { name: 'changed' } } });
  });

  test('once: a second time is an error, not an empty answer', () => {
    const documents = readText(pod('a'), 'x');
    expect([...documents]).toHaveLength(1);
    expect(() => [...documents]).toThrow(/were read already/);
  });

  test('files, bytes and objects are counted, and what is no object of Kubernetes', () => {
    write('a.yaml', `${pod('a')}---\n# nothing\n---\nreplicas: 3\n---\njust a text\n`);
    write('b.json', '[1, {"kind": "Pod"}, {"kind": 5}, null]');
    const documents = readPaths([folder]);
    expect([...documents].map(({ value }) => value)).toEqual([{ kind: 'Pod', metadata: { name: 'a' } }, { kind: 'Pod' }]);
    expect(documents.counts).toEqual({ files: 2, objects: 2, others: 4, bytes: 115 });
    expect(documents.problems).toEqual([]);
  });

  test('a problem of one document or file does not stop the others', () => {
    write('a.yaml', `${pod('a')}---\na: [\n---\n${pod('b')}`);
    write('b.yaml', Buffer.from('\ufeffkind: Pod', 'utf16le'));
    write('c.yaml', Buffer.from([0x1f, 0x8b, 8, 0, 0]));
    write('d.yaml', Buffer.concat([Buffer.from(`${pod('d')}---\n# c\na: `), Buffer.from([0xe4]), Buffer.from(`\n---\n${pod('e')}`)]));
    expect(read(['.'])).toEqual({
      found: ['a.yaml:1 a', 'a.yaml:7 b', 'd.yaml:1 d', 'd.yaml:8 e'],
      problems: [
        expect.stringMatching(/^a\.yaml:6: this is no YAML or JSON that can be read/),
        'b.yaml: the file is UTF-16; save it as UTF-8',
        'c.yaml: the file holds NUL bytes: it is no text',
        'd.yaml:6: this document is no UTF-8 text; save it as UTF-8',
      ],
    });
  });

  test('a document that is too big is a problem', () => {
    expect(readOne(`${pod('a')}---\n${pod('x'.repeat(500))}---\n${pod('b')}`, { mostBytes: 100 })).toEqual({
      found: ['x.yaml:1 a', 'x.yaml:9 b'],
      problems: ['x.yaml:5: this document has more than 100 bytes; split it, for instance with `jq -c \'.items[]\'`'],
    });
  });

  test('a byte order mark is no part of the first key', () => {
    expect([...readText(`\ufeff${pod('a')}`, 'x')][0].value).toEqual({ kind: 'Pod', metadata: { name: 'a' } });
  });
});

describe('lists', () => {
  test('are their items, each at its own line', () => {
    expect(readOne(`# c
apiVersion: v1
kind: List
items:
- kind: Pod
  metadata: {name: a}

# c
- kind: Pod
  metadata:
    name: b
metadata: {x: {y: z}}
---
kind: PodList
items:
  -
    metadata: {name: c}`)).toEqual({ found: ['x.yaml:5 items[0] a', 'x.yaml:9 items[1] b', 'x.yaml:17 items[0] c'], problems: [] });
  });

  test('of one kind say what their items are', () => {
    const text = 'kind: NetworkPolicyList\napiVersion: networking.k8s.io/v1\nitems:\n- metadata: {name: a}\n- kind: Other\n  metadata: {name: b}\n';
    expect([...readText(text, 'x')].map(({ value }) => value)).toEqual([
      { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'a' } }, { kind: 'Other', metadata: { name: 'b' } },
    ]);
  });

  test('of lists are looked into, to a depth', () => {
    let value: unknown = { kind: 'Pod', metadata: { name: 'a' } };
    for (let i = 0; i < 3; i++) { value = { kind: 'List', items: [{}, value] }; }
    expect(readOne(JSON.stringify(value)).found).toEqual(['x.yaml:1 items[1].items[1].items[1] a']);
    for (let i = 0; i < 6; i++) { value = { kind: 'List', items: [value] }; }
    const inner = `x.yaml:1 ${Array(6).fill('items[0]').join('.')}.items[1].items[1]`;
    expect(readOne(JSON.stringify(value))).toEqual({ found: [], problems: [expect.stringMatching(`^${inner.replace(/[[\]]/g, '\\$&')}: this list stands within too many`)] });
  });

  test('may be plain arrays, and texts of JSON one after the other', () => {
    expect(readOne('[{"kind":"Pod","metadata":{"name":"a"}},[{"kind":"Pod","metadata":{"name":"b"}}]]').found).toEqual(['x.yaml:1 [0] a', 'x.yaml:1 [1][0] b']);
    expect(readOne('{"kind":"Pod","metadata":{"name":"a"}}\n{"kind":"Pod","metadata":{"name":"b"}}\n').found).toEqual(['x.yaml:1 a', 'x.yaml:2 b']);
  });

  test('a kind that only ends so, and has no items, is itself', () => {
    expect(readOne('kind: AllowList\nmetadata: {name: a}\nitems: {}').found).toEqual(['x.yaml:1 a']);
  });
});

describe('lists that do not hold what they say', () => {
  test.each([
    ['metadata: {continue: abc, remainingItemCount: 7}', 'the list goes on with 7 more objects'],
    ['metadata: {continue: abc}', 'the list goes on, which'],
    ['metadata: {remainingItemCount: 1}', 'the list goes on with 1 more objects'],
  ])('%s: a part of a list is a problem, and the part is read', (metadata, problem) => {
    const { found, problems } = readOne(`kind: List\n${metadata}\nitems: [{kind: Pod, metadata: {name: p}}]\n`);
    expect(found).toEqual(['x.yaml:3 items[0] p']);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });

  test('a list that is whole is none', () => {
    expect(readOne('kind: List\nmetadata: {continue: "", resourceVersion: "1", remainingItemCount: 0}\nitems: null\n')).toEqual({ found: [], problems: [] });
  });

  test.each([
    ['items: [foo, {kind: Pod, metadata: {name: p}}]', 1, 'x.yaml:1 items[0]: an entry of a PodList must be an object, got "foo"'],
    ['items: [[]]', 0, 'an entry of a PodList must be an object, got'],
    ['items: {a: b}', 0, 'x.yaml:1: items of a PodList must be a list, got {"a":"b"}'],
  ])('%s is a problem', (items, objects, problem) => {
    const { found, problems } = readOne(`kind: PodList\n${items}\n`);
    expect(found).toHaveLength(objects);
    expect(problems).toEqual([expect.stringContaining(problem)]);
  });
});
