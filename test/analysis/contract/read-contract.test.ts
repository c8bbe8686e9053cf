import * as fs from 'fs';
import * as path from 'path';
import Ajv2020 from 'ajv/dist/2020';
import * as yaml from 'js-yaml';
import { CONTRACT_SCHEMA } from '../../../src/analysis/contract/contract-schema';
import { readContract } from '../../../src/analysis/contract/read-contract';
import { statementText } from '../../../src/analysis/contract/statement';

const accepts = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(CONTRACT_SCHEMA);

const FLOW = 'from: shop/web, to: shop/api';
const flow = (rest: string): string => `version: 1\nallow:\n  - { ${FLOW}, ${rest} }\n`;

const VALID: Readonly<Record<string, string>> = {
  'a flow with a port': flow('port: 8080/tcp'),
  'a flow with a range of ports': flow('port: 8000-8100/udp'),
  'a flow with a named port': flow('port: http-alt/sctp'),
  'a flow with every port of a protocol': flow('port: tcp'),
  'a flow with a protocol without ports': flow('port: icmpv6'),
  'a flow with several ports': flow('port: [80/tcp, 443/tcp]'),
  'a flow with a request': flow('port: 8080/tcp, http: GET /api/v1/users?id=1'),
  'a flow with a request in parts': flow('port: 8080/tcp, http: { method: GET, path: /api, host: api.example.com, headers: { X-Key: a } }'),
  'a flow with a DNS name': flow('port: 53/udp, dns: api.example.com'),
  'a flow with a server name': flow('port: 443/tcp, serverName: api.example.com'),
  'a flow without a port, with a reason': flow('because: they talk'),
  'several ends': 'version: 1\ndeny:\n  - { from: [shop/web, internet], to: ["*", "shop/*"] }\n',
  'pods by labels': 'version: 1\ndeny:\n  - { from: { namespace: shop, labels: { app: web, example.com/tier: "" } }, to: { namespaceLabels: { team: a }, external: true } }\n',
  'a range': 'version: 1\ndeny:\n  - { from: { cidr: 10.0.0.0/8, except: [10.1.0.0/16] }, to: shop/web }\n  - { from: "2001:db8::/32", to: shop/web }\n',
  'only': 'version: 1\nonly:\n  - { from: shop/web, to: shop/api, port: 8080/tcp }\n',
  'not reachable': 'version: 1\nnotReachable:\n  - { from: shop/web, to: shop/api, transitive: true }\n',
  'isolated': 'version: 1\nisolated:\n  - { namespace: shop, because: it is ours }\n',
  'JSON': JSON.stringify({ version: 1, allow: [{ from: 'a/b', to: 'c/d' }] }),
};

/** What both refuse: with the line and the message of the reader. */
const INVALID: Readonly<Record<string, readonly [text: string, at: string, message: string]>> = {
  'no mapping': ['[1]', 'c.yaml:1', '[1] is no mapping; write fields such as version, allow, deny'],
  'no version': [`allow:\n  - { ${FLOW} }\n`, 'c.yaml:1', 'version: the version of the format is missing; write "version: 1"'],
  'another version': [`version: 2\nallow:\n  - { ${FLOW} }\n`, 'c.yaml:1', 'version: the version of the format is 2, which is not known; write "version: 1"'],
  'nothing stated': ['version: 1\n', 'c.yaml:1', 'the contract states nothing; state at least one of allow, deny, only, notReachable, isolated'],
  'an empty list': ['version: 1\nallow: []\n', 'c.yaml:2', 'allow: an empty list says nothing; leave it out, or state statements'],
  'no list': [`version: 1\nallow: { ${FLOW} }\n`, 'c.yaml:2', 'allow: {"from":"shop/web","to":"shop/api"} is no list of statements; begin each with "-"'],
  'an unknown list': [`version: 1\nalow:\n  - { ${FLOW} }\n`, 'c.yaml:3', 'alow: there is no field "alow"; did you mean allow?'],
  'an unknown field': [flow('prot: 80/tcp'), 'c.yaml:3', 'allow[0].prot: there is no field "prot"; did you mean port?'],
  'a field that is like no other': [flow('zzzzzz: 1'), 'c.yaml:3', 'allow[0].zzzzzz: there is no field "zzzzzz"; the fields are from, to, port, http, dns, serverName, because'],
  'no end': ['version: 1\nallow:\n\n  - { from: shop/web }\n', 'c.yaml:4', 'allow[0]: to is missing'],
  'an end that is a number': ['version: 1\nallow:\n  - { from: 3, to: a/b }\n', 'c.yaml:3', 'allow[0].from: 3 names nobody; write a workload such as shop/web, or fields such as namespace and labels'],
  'an end that is empty': ['version: 1\nallow:\n  - { from: "", to: a/b }\n', 'c.yaml:3', 'allow[0].from: an empty text names nobody; write a workload such as shop/web, or fields such as namespace and labels'],
  'an end without conditions': ['version: 1\nallow:\n  - { from: { external: true }, to: a/b }\n', 'c.yaml:3', 'allow[0].from: nobody is named, which never means everybody; state a namespace, namespaceLabels, labels or a cidr, or write "*"'],
  'no ends': ['version: 1\nallow:\n  - { from: [], to: a/b }\n', 'c.yaml:3', 'allow[0].from: an empty list says nothing; leave it out, or state ends, such as shop/web'],
  'a label that is a number': ['version: 1\nallow:\n  - { from: { labels: { tier: 1 } }, to: a/b }\n', 'c.yaml:3', 'allow[0].from.labels.tier: label value 1 of "tier" is not a string; quote it, as "1"'],
  'a label with spaces': ['version: 1\nallow:\n  - { from: { labels: { tier: a b } }, to: a/b }\n', 'c.yaml:3', 'allow[0].from.labels.tier: label value "a b" of "tier" is invalid: a value has at most 63 letters, digits, "-", "_" or ".", and begins and ends with a letter or digit'],
  'no labels': ['version: 1\nallow:\n  - { from: { labels: {} }, to: a/b }\n', 'c.yaml:3', 'allow[0].from.labels: {} states no labels; write name: value, or leave it out'],
  'a namespace in capitals': ['version: 1\nisolated:\n  - { namespace: Shop }\n', 'c.yaml:3', 'isolated[0].namespace: namespace "Shop" is invalid: use lower-case letters, digits and "-", beginning and ending with a letter or digit'],
  'a range that is none': ['version: 1\ndeny:\n  - { from: { cidr: shop }, to: a/b }\n', 'c.yaml:3', 'deny[0].from.cidr: "shop" is not a CIDR: "shop" is no IPv4 or IPv6 address'],
  'a range beside labels': ['version: 1\ndeny:\n  - { from: { cidr: 10.0.0.0/8, labels: { a: b } }, to: a/b }\n', 'c.yaml:3', 'deny[0].from.labels: there is no field "labels"; the fields are cidr, except'],
  'a port without a protocol': [flow('port: 8080'), 'c.yaml:3', 'allow[0].port: 8080 has no protocol; did you mean "8080/tcp"?'],
  'a port the other way round': [flow('port: tcp/8080'), 'c.yaml:3', 'allow[0].port: "tcp/8080" is no port; did you mean "8080/tcp"?'],
  'a port in capitals': [flow('port: 8080/TCP'), 'c.yaml:3', 'allow[0].port: "8080/TCP" is no port; did you mean "8080/tcp"?'],
  'a port out of range': [flow('port: 65536/tcp'), 'c.yaml:3', 'allow[0].port: "65536/tcp": port 65536 is not a number from 1 to 65535'],
  'port zero': [flow('port: 0/tcp'), 'c.yaml:3', 'allow[0].port: "0/tcp": port 0 is not a number from 1 to 65535'],
  'a request without a port': [flow('http: GET /api'), 'c.yaml:3', 'allow[0].http: a request is sent to a port; state it too, such as port: 8080/tcp'],
  'a request without a method': [flow('port: 80/tcp, http: /api'), 'c.yaml:3', 'allow[0].http: "/api" is no request; write a method and a path, such as "GET /api/v1/users"'],
  'a request without parts': [flow('port: 80/tcp, http: {}'), 'c.yaml:3', 'allow[0].http: no part of the request is stated; state a method and a path, such as "GET /api/v1/users"'],
  'a DNS name with a wildcard': [flow('port: 53/udp, dns: "*.example.com"'), 'c.yaml:3', 'allow[0].dns: "*.example.com" stands for many names; state an exact one'],
  'transitive as a text': ['version: 1\nnotReachable:\n  - { from: a/b, to: c/d, transitive: "yes" }\n', 'c.yaml:3', 'notReachable[0].transitive: "yes" is neither true nor false'],
  'a reason that is a number': [flow('because: 7'), 'c.yaml:3', 'allow[0].because: 7 is no text; quote it, as "7"'],
};

/** What a schema cannot tell. */
const FOR_THE_READER: Readonly<Record<string, readonly [text: string, message: string]>> = {
  'a reversed range of ports': [flow('port: 90-80/tcp'), 'allow[0].port: "90-80/tcp" is reversed; did you mean "80-90/tcp"?'],
  'bits beyond the prefix': ['version: 1\ndeny:\n  - { from: 10.0.0.1/8, to: a/b }\n', 'deny[0].from: "10.0.0.1/8" has bits set beyond /8; did you mean "10.0.0.0/8", or the single address "10.0.0.1/32"?'],
  'an exception outside': ['version: 1\ndeny:\n  - { from: { cidr: 10.0.0.0/8, except: [11.0.0.0/16] }, to: a/b }\n', 'deny[0].from.except[0]: "11.0.0.0/16" is not a part of "10.0.0.0/8"'],
  'a request over UDP': [flow('port: 80/udp, http: GET /'), 'allow[0].port: UDP 80: an HTTP request travels over TCP; state a TCP port, such as 8080/tcp'],
};

test.each(Object.entries(VALID))('both take %s', (_, text) => {
  expect(readContract(text, 'c.yaml').problems).toEqual([]);
  accepts(yaml.load(text));
  expect(accepts.errors ?? []).toEqual([]);
});

test.each(Object.entries(INVALID))('both refuse %s', (_, [text, at, message]) => {
  expect(readContract(text, 'c.yaml')).toEqual({ statements: [], problems: expect.arrayContaining([{ at, message }]) });
  expect(accepts(yaml.load(text))).toBe(false);
});

test.each(Object.entries(FOR_THE_READER))('the reader alone refuses %s', (_, [text, message]) => {
  expect(readContract(text, 'c.yaml').problems).toEqual([{ at: 'c.yaml:3', message }]);
  expect(accepts(yaml.load(text))).toBe(true);
});

test('all mistakes are told at once', () => {
  expect(readContract('version: 1\nallow:\n  - { from: a/b }\n  - { to: a/b, port: 80 }\n', 'c.yaml').problems.map(({ at }) => at)).toEqual(['c.yaml:3', 'c.yaml:4', 'c.yaml:4']);
});

test('statements know their line, and read like sentences', () => {
  const { statements } = readContract([
    'version: 1', 'allow:', '  - from: [shop/web, internet]', '    to: shop/api', '    port: 8080/tcp', '    http: GET /api', 'isolated:', '  - namespace: shop', '',
  ].join('\n'), 'c.yaml');
  expect(statements.map(statement => [statement.at, statementText(statement)])).toEqual([
    ['c.yaml:3', 'allow shop/web or internet => shop/api : TCP 8080 GET /api'],
    ['c.yaml:8', 'isolated shop'],
  ]);
});

test.each([
  ['no YAML', 'version: [', 'c.yaml:1'],
  ['two documents', 'version: 1\n---\nversion: 1\n', 'c.yaml'],
  ['nothing', '', 'c.yaml'],
  ['a field twice', 'version: 1\nversion: 1\n', 'c.yaml:2'],
])('%s is no contract', (_, text, at) => {
  const { statements, problems } = readContract(text, 'c.yaml');
  expect(statements).toEqual([]);
  expect(problems[0].at).toBe(at);
});

test('aliases that multiply are refused', () => {
  const bomb = `version: 1\nx: &a [${'1, '.repeat(20)}]\n${'bcdefgh'.split('').map((name, i) => `${name}: &${name} [${`*${'abcdefg'[i]}, `.repeat(20)}]`).join('\n')}\n`;
  expect(readContract(bomb, 'c.yaml').problems).not.toEqual([]);
});

test('fields with the names of what every object has are refused, and change nothing', () => {
  expect(readContract(flow('__proto__: { port: 80/tcp }'), 'c.yaml').problems).toEqual([expect.objectContaining({ message: expect.stringContaining('there is no field "__proto__"') })]);
});

test('the published schema is the one of the code', () => {
  expect(JSON.parse(fs.readFileSync(path.join(__dirname, '../../../contract.schema.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(CONTRACT_SCHEMA)));
});
