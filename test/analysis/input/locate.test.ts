import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lineOf } from '../../../src/analysis/input/line-of';
import { locate } from '../../../src/analysis/input/locate';
import { problemOf } from '../../../src/analysis/input/problem-of';
import { readPaths } from '../../../src/analysis/input/read-paths';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { readAny } from '../../../src/dialects/link';

const POLICY = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: a
  labels: {app.kubernetes.io/name: x, app: y}
spec:
  # c
  podSelector:
    matchLabels:
      app.kubernetes.io/name: x
      "a[0].b": z
  ingress:
  - from:
    - podSelector: {}

    - ipBlock:
        cidr: 10.0.0.0/8
        except: [10.1.0.0/16,
          10.2.0.0/16]
  -
    ports:
    - port: 80
`;

describe('the line of a field', () => {
  test.each<[string, number]>([
    ['', 1], ['kind', 2], ['metadata.labels', 5], ['spec', 6], ['spec.podSelector.matchLabels[app.kubernetes.io/name]', 10],
    ['spec.podSelector.matchLabels["app.kubernetes.io/name"]', 10], ['spec.podSelector.matchLabels.app.kubernetes.io/name', 10],
    ['spec.podSelector.matchLabels["a[0].b"]', 11], ['spec.podSelector.matchLabels[a[0].b]', 11],
    ['spec.ingress[0]', 13], ['spec.ingress[0].from[0].podSelector', 14], ['spec.ingress[0].from[1].ipBlock.cidr', 17],
    ['spec.ingress[0].from[1].ipBlock.except[1]', 19], ['spec.ingress[1].ports[0].port', 22],
  ])('%s', (path, line) => {
    for (const end of ['\n', '\r\n', '\r']) { expect(lineOf(POLICY.replaceAll('\n', end), path) + 1).toBe(line); }
  });

  test.each<[string, number]>([
    ['spec.egress[0].to', 6], ['spec.ingress[7].from', 12], ['spec.ingress[0].from[1].ipBlock.cidr.x', 17], ['spec.ingress.x', 12], ['spec.ingressx', 6], ['other', 1],
  ])('of one that is not there is that of what would hold it: %s', (path, line) => expect(lineOf(POLICY, path) + 1).toBe(line));

  test('behind an alias is where the text stands', () => {
    const text = 'a: &x\n  b:\n    c: 1\nd: *x\ne:\n  <<: *x\n';
    expect(lineOf(text, 'd') + 1).toBe(4);
    expect(lineOf(text, 'd.b.c') + 1).toBe(3);
    expect(lineOf(text, 'e.b') + 1).toBe(5);
  });

  test('the longest key that fits is meant', () => {
    expect(lineOf('x:\n  a: {b: 1}\n  a.b: 2\n', 'x.a.b') + 1).toBe(3);
    expect(lineOf('x:\n  a.b: 2\n  a: {b: 1}\n', 'x.a.b') + 1).toBe(2);
  });

  test('in JSON, behind a directive, and of keys that are no texts', () => {
    expect(lineOf('{"a": [\n1,\n{"b":\n2}]}', 'a[1].b') + 1).toBe(3);
    expect(lineOf('%YAML 1.1\n---\na:\n  b: 1', 'a.b') + 1).toBe(4);
    expect(lineOf('a: 1\non: 2\n5: 3', 'true') + 1).toBe(2);
    expect(lineOf('a: 1\non: 2\n5: 3', '5') + 1).toBe(3);
  });

  test('in a text that is none is its first one', () => {
    expect(lineOf('', 'a')).toBe(0);
    expect(lineOf('a: [', 'a')).toBe(0);
  });
});

describe('the place of a field', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'a place: 1 -'));
    file = join(folder, 'x.yaml');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Of each document, by `locate`. */
  function places(text: string, path: string): string[] {
    writeFileSync(file, text);
    return [...readPaths([file])].map(({ at }) => locate(at, path).replace(file, ''));
  }

  test('is found in the document that was named', () => {
    expect(places(`# c\n---\n${POLICY}---\n\n${POLICY}...\n`, 'spec.ingress[0].from[1].ipBlock.cidr')).toEqual([':19', ':43']);
  });

  test('is found far into a large file', () => {
    const documents = Array.from({ length: 2_000 }, (_, i) => `kind: a\nb: ${'x'.repeat(997)}\nc: ${i}\n`);
    expect(places(documents.join('---\n'), 'c').slice(-2)).toEqual([':7995', ':7999']);
  });

  test('is found in the item that was named, of lists in lists too', () => {
    const item = (name: string): object => ({ kind: 'a', name, spec: { b: 1 } });
    const text = JSON.stringify({ kind: 'List', items: [item('a'), { kind: 'List', items: [item('b'), item('c')] }] }, undefined, 1);
    const lines = text.split('\n').flatMap((line, i) => (line.includes('"spec"') ? [`:${i + 1}`] : []));
    expect(places(text, 'spec')).toEqual(lines);
    expect(places('kind: List\nitems:\n- kind: a\n  b: 1\n- kind: c\n  b: 2', 'b')).toEqual([':4', ':6']);
    expect(places('[\n{"kind": "a",\n"b": 1}, {"kind": "c",\n"b": 2}]', 'b')).toEqual([':3', ':4']);
  });

  test('is that of the document where the file is gone, or has no such line', () => {
    expect(locate(`${file}:3`, 'spec')).toBe(`${file}:3`);
    writeFileSync(file, '# c\n\n# d\n');
    expect(locate(`${file}:3`, 'spec')).toBe(`${file}:3`);
    expect(locate(`${folder}:3`, 'spec')).toBe(`${folder}:3`);
  });

  test('is a construct path as it is', () => {
    expect(locate('app/chart/policy', 'spec')).toBe('app/chart/policy');
    expect(locate('stdin:12 items[3]', 'spec')).toBe('stdin:12 items[3]');
  });

  test('is looked up anew when the file has changed', () => {
    expect(places(POLICY, 'spec')).toEqual([':6']);
    expect(places(`\n\n${POLICY}`, 'spec')).toEqual([':8']);
  });

  test('is that of the document where this is too large to look into', () => {
    expect(places(`kind: a\nb: ${'x'.repeat(5 * 1024 * 1024)}\nc: 1\n---\nkind: b\nc: 2\n`, 'c')).toEqual([':1', ':6']);
  });

  test('is told of what a reader refuses, without the document\'s place twice', () => {
    writeFileSync(file, `---\n${POLICY.replace('10.2.0.0/16', '11.0.0.0/8').replace('a[0].b', 'a.b')}`);
    const [{ value, at }] = readPaths([file]);
    let problem;
    try { readAny(value, at); } catch (error) { problem = problemOf(error as UnreadableDocument, at); }
    expect(problem).toEqual({
      at: `${file}:${readFileSync(file, 'utf8').split('\n').findIndex(line => line.includes('11.0.0.0')) + 1}`,
      message: 'NetworkPolicy a: spec.ingress[0].from[1].ipBlock.except[1]: 11.0.0.0/8 must be a part of 10.0.0.0/8',
    });
  });

  test('of a whole document is its own', () => {
    expect(problemOf(new UnreadableDocument('x.yaml:1: Namespace a', 'there are two'), 'x.yaml:1')).toEqual({ at: 'x.yaml:1', message: 'Namespace a: there are two' });
  });
});
