import { CONTRACT_VERSION } from './read-contract';
import { HEADER_NAME, METHOD, REQUEST_PATH } from './read-request';

/**
 * The format of a contract as a JSON schema, for editors. What only the reader can tell stays with it: that a range of ports is not reversed,
 * that a range of addresses ends where its prefix does, that an exception lies in its range.
 */

const text = (description: string) => ({ type: 'string', pattern: '\\S', description });
const matching = (pattern: string, description: string, length: object = {}) => ({ type: 'string', pattern: `^${pattern}$`, ...length, description });
const oneOrMore = (reference: string) => ({ oneOf: [{ $ref: reference }, { type: 'array', minItems: 1, items: { $ref: reference } }] });
const record = (properties: object, more: object = {}) => ({ type: 'object', properties, additionalProperties: false, ...more });
const statements = (description: string, properties: object, required: readonly string[], more: object = {}) => ({
  type: 'array',
  minItems: 1,
  description,
  items: record({ ...properties, because: text('Why it must hold; messages repeat it.') }, { required, ...more }),
});

const DNS_LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const LABEL_NAME = '[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?';
const NUMBER = '([1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
const PORT_NAME = '(?=[^/]{1,15}/)(?=[^/]*[a-z])[a-z0-9]+(-[a-z0-9]+)*';
const DOMAIN = '(?=.{1,255}$)([A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?\\.)+[A-Za-z0-9_]([-A-Za-z0-9_]{0,61}[A-Za-z0-9_])?\\.?';

const FROM = { from: { ...oneOrMore('#/$defs/end'), description: 'Who connects.' } };
const TO = { to: { ...oneOrMore('#/$defs/end'), description: 'Who is connected to.' } };
const PORT = { port: { ...oneOrMore('#/$defs/port'), description: 'Ports of the pods, not of a Service. Left out: everything, ICMP too.' } };
const REQUEST = { http: { $ref: '#/$defs/http' }, dns: { $ref: '#/$defs/name' }, serverName: { $ref: '#/$defs/name' } };
/** A request is sent to a port. */
const WITH_PORT = { dependentRequired: { http: ['port'], dns: ['port'], serverName: ['port'] } };

export const CONTRACT_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Contract of cdk8s-netpol',
  description: 'Who may talk to whom, and who must not: what `cdk8s-netpol check PATH --contract FILE` holds manifests against.',
  ...record({
    version: { const: CONTRACT_VERSION, description: 'Of this format.' },
    allow: statements('Flows that must pass, all of them.', { ...FROM, ...TO, ...PORT, ...REQUEST }, ['from', 'to'], WITH_PORT),
    deny: statements('Flows that must not pass, none of them.', { ...FROM, ...TO, ...PORT, ...REQUEST }, ['from', 'to'], WITH_PORT),
    only: statements('Exactly these may reach something: each of them with something, and nobody else with anything.', { ...FROM, ...TO, ...PORT }, ['from', 'to']),
    notReachable: statements('What must not be reached, whatever travels.', {
      ...FROM,
      ...TO,
      transitive: { type: 'boolean', default: false, description: 'Whether it must not be reached by way of other workloads either.' },
    }, ['from', 'to']),
    isolated: statements('Namespaces that nobody outside may reach.', { namespace: { $ref: '#/$defs/namespace' } }, ['namespace']),
  }, { required: ['version'], minProperties: 2 }),
  $defs: {
    end: {
      oneOf: [
        text('A workload such as shop/web, every one of a namespace as shop/*, a Service as svc/shop/api:80, an address or a range outside, a DNS name, internet, or * for everything.'),
        { $ref: '#/$defs/pods' },
        { $ref: '#/$defs/range' },
      ],
    },
    pods: record({
      namespace: { $ref: '#/$defs/namespace' },
      namespaceLabels: { $ref: '#/$defs/labels' },
      labels: { $ref: '#/$defs/labels' },
      external: { type: 'boolean', default: false, description: 'Whether the pods are in the cluster though the manifests do not hold them.' },
    }, { anyOf: [{ required: ['namespace'] }, { required: ['namespaceLabels'] }, { required: ['labels'] }], description: 'Pods, by all that is stated.' }),
    range: record({
      cidr: { $ref: '#/$defs/cidr' },
      except: { type: 'array', minItems: 1, items: { $ref: '#/$defs/cidr' }, description: 'Parts of the range that are not meant.' },
    }, { required: ['cidr'], description: 'Addresses outside the cluster.' }),
    cidr: matching('[0-9A-Fa-f:.]+/(0|[1-9]\\d{0,2})', 'Such as 203.0.113.0/24.'),
    namespace: matching(DNS_LABEL, 'The name of a namespace.', { maxLength: 63 }),
    labels: {
      type: 'object',
      minProperties: 1,
      propertyNames: { pattern: `^(?=[^/]{1,253}/)(${DNS_LABEL}\\.)*${DNS_LABEL}/(?=.{1,63}$)${LABEL_NAME}$|^(?=.{1,63}$)${LABEL_NAME}$` },
      additionalProperties: { type: 'string', maxLength: 63, pattern: `^(${LABEL_NAME})?$` },
      description: 'Labels with their values; all must hold.',
    },
    port: matching(`((${NUMBER}(-${NUMBER})?|${PORT_NAME})/(tcp|udp|sctp)|tcp|udp|sctp|icmp|icmpv6)`, 'Such as 8080/tcp, 8000-8100/tcp, http/tcp for a container port by name, or tcp for every port.'),
    http: {
      description: 'One request: what is left out is not known.',
      oneOf: [
        matching(`${METHOD} ${REQUEST_PATH}`, 'Such as GET /api/v1/users.'),
        record({
          method: matching(METHOD, 'In upper-case letters.'),
          path: matching(REQUEST_PATH, 'As it is sent, with the query.'),
          host: text('The host that is asked for.'),
          headers: {
            type: 'object',
            propertyNames: { pattern: `^${HEADER_NAME}$` },
            additionalProperties: { type: 'string', pattern: '\\S' },
            description: 'All headers of the request. Left out: not known.',
          },
        }, { minProperties: 1 }),
      ],
    },
    name: matching(DOMAIN, 'A DNS name, without wildcards.'),
  },
} as const;
