import { networkPolicy } from './support';
import { calico } from '../../../src/dialects/calico';
import { UnreadableDocument } from '../../../src/dialects/document-reader';
import { evaluate } from '../../../src/model/evaluate';
import { Flow } from '../../../src/model/match';
import { tieredPipeline } from '../../../src/model/policy-set';
import { TrafficBox } from '../../../src/model/traffic';

const rule = (http: unknown, more: object = {}) => networkPolicy({ types: ['Ingress'], ingress: [{ action: 'Allow', protocol: 'TCP', http, ...more }] });
const traffic = (http: unknown, version?: string, more: object = {}): readonly TrafficBox[] =>
  calico.read(rule(http, more), undefined, version)[0].rules[0].match.traffic;
const condition = (http: unknown, version?: string) => {
  const [{ l7 }] = traffic(http, version);
  return l7 && 'http' in l7 ? l7.http : undefined;
};
function problem(document: unknown, version?: string): string {
  try {
    calico.read(document, undefined, version);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableDocument);
    return (error as Error).message;
  }
  throw new Error('it was read');
}

describe('HTTP conditions', () => {
  test.each([
    [{}, [{}]],
    [{ methods: [] }, [{}]],
    [{ methods: ['GET', 'PUT'] }, [{ methods: [{ exact: 'GET' }, { exact: 'PUT' }] }]],
    [{ methods: ['GET', '*'] }, [{}]],
    [{ paths: [{ exact: '/a' }] }, [{ paths: [{ exact: '/a' }] }]],
    [{ paths: [{ exact: '/a', prefix: '' }] }, [{ paths: [{ exact: '/a' }] }]],
    [{ paths: [{ prefix: '/' }] }, [{ paths: [{ prefix: '/' }] }]],
    [{ methods: ['GET'], paths: [{ exact: '/a' }, { prefix: '/b' }] }, [{ methods: [{ exact: 'GET' }], paths: [{ exact: '/a' }, { exact: '/b' }, { prefix: '/b/' }] }]],
  ])('%j', (http, matches) => {
    expect(condition(http)).toEqual(matches);
  });

  test.each([
    ['3.30', { prefix: '/api' }, [{ prefix: '/api' }]],
    ['3.31.5', { prefix: '/api' }, [{ prefix: '/api' }]],
    ['3.31.6', { prefix: '/api' }, [{ exact: '/api' }, { prefix: '/api/' }]],
    ['3.33', { prefix: '/api/' }, [{ exact: '/api' }, { prefix: '/api/' }]],
    ['3.30', { exact: '/a/../b//c/' }, [{ exact: '/a/../b//c/' }]],
    ['3.33', { exact: '/a/../b//./c;v=1/' }, [{ exact: '/b/c' }]],
    ['3.33', { exact: '/caf%C3%A9' }, [{ exact: '/café' }]],
  ])('in %s the path %j is %j', (version, path, paths) => {
    expect(condition({ paths: [path] }, version)).toEqual([{ paths }]);
  });

  test('without a protocol let pass whatever is not of TCP, since nothing looks into that', () => {
    expect(traffic({ methods: ['GET'] }, undefined, { protocol: undefined })).toEqual([
      { protocols: [[6, 6]], l7: { http: [{ methods: [{ exact: 'GET' }] }] } },
      { protocols: [[0, 5], [7, 255]] },
    ]);
    const set = { pipeline: tieredPipeline(['default']), policies: calico.read(rule({ methods: ['GET'] }, { protocol: undefined })) };
    const pod = (name: string) => ({ kind: 'pod' as const, namespace: 'shop', labels: { name }, serviceAccount: 'default', address: '10.244.0.1' });
    const ask = (flow: Partial<Flow>) => evaluate(set, { source: pod('a'), destination: pod('b'), protocol: 6, port: 80, ...flow }, { cidrMatches: ['pod'] });
    expect(ask({ http: { method: 'GET', path: '/' } })).toBe('allowed');
    expect(ask({ http: { method: 'PUT', path: '/' } })).toBe('denied');
    expect(ask({})).toBe('partial');
    expect(ask({ protocol: 17, port: 53 })).toBe('allowed');
  });

  test.each([
    ['a rule that denies', rule({}, { action: 'Deny' }), 'only a rule that allows may have HTTP conditions'],
    ['a rule that logs', rule({}, { action: 'Log' }), 'only a rule that allows'],
    ['UDP', rule({}, { protocol: 'UDP' }), 'write protocol: TCP, or leave it out'],
    ['egress', networkPolicy({ egress: [{ action: 'Allow', http: {} }] }), 'state them in an ingress rule at the destination'],
    ['a method twice', rule({ methods: ['GET', 'PUT', 'GET'] }), 'http.methods[2]: states "GET" twice'],
    ['a path that is both', rule({ paths: [{ exact: '/a', prefix: '/b' }] }), 'http.paths[0]: must have either exact or prefix'],
    ['a path that is neither', rule({ paths: [{}] }), 'must have either exact or prefix'],
    ['a path without "/"', rule({ paths: [{ exact: 'a' }] }), 'http.paths[0].exact: "a" is no path: it must begin with "/"'],
    ['a query', rule({ paths: [{ prefix: '/a?b' }] }), 'may hold no "?", "#" or space'],
    ['a fragment', rule({ paths: [{ exact: '/a#b' }] }), 'may hold no "?"'],
    ['a space', rule({ paths: [{ exact: '/a b' }] }), 'may hold no "?"'],
    ['another field', rule({ headers: [] }), 'http.headers: this field is not known here'],
    ['a path that no request has', rule({ paths: [{ exact: '/%' }] }), 'has no normal form'],
    ['a path that is encoded twice', rule({ paths: [{ exact: '/%252e%252e' }] }), 'has no normal form'],
    ['a long path', rule({ paths: [{ exact: `/${'a'.repeat(1024)}` }] }), 'more than 1024 characters'],
    ['many methods', rule({ methods: Array.from({ length: 21 }, (_, i) => `M${i}`) }), 'http.methods: has 21 entries and the API server takes 20 at most'],
  ])('%s is refused', (_, document, said) => {
    expect(problem(document)).toContain(said);
  });

  test('have bounds since 3.32', () => {
    const methods = Array.from({ length: 21 }, (_, i) => `M${i}`);
    expect(problem(rule({ methods }), '3.32')).toContain('20 at most');
    expect(condition({ methods }, '3.31')![0].methods).toHaveLength(21);
  });
});
