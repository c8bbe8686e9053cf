import { Direction, Policy, Rule } from '../../model/policy-set';
import { refuse } from '../refusals';
import { Reading } from './reading';

/** What happens to connections on ports: interception of TLS, and redirection to an Envoy listener. */

type Json = Record<string, unknown>;
type Fields = Readonly<Record<string, unknown>>;

const FIELDS = ['terminatingTLS', 'originatingTLS', 'listener'] as const;
const CLUSTERWIDE_ENVOY = 'CiliumClusterwideEnvoyConfig';
const NAMESPACED_ENVOY = 'CiliumEnvoyConfig';

/** Of one entry of toPorts, as effects of its rule. */
export function readPortEffects(reading: Reading, fields: Fields, path: string, direction: Direction): Json {
  const effects: Json = {};
  for (const key of ['terminatingTLS', 'originatingTLS'] as const) {
    const raw = reading.own(fields, key);
    if (raw !== undefined) { effects[key] = readTls(reading, raw, `${path}.${key}`); }
  }
  const listener = reading.own(fields, 'listener');
  if (listener !== undefined) {
    if (direction === 'ingress') { throw reading.notEnforced(`${path}.listener`, 'a listener is for egress only'); }
    effects.listener = readListener(reading, listener, `${path}.listener`);
  }
  return effects;
}

function readTls(reading: Reading, raw: unknown, path: string): Json {
  const fields = reading.object(raw, path, ['secret', 'trustedCA', 'certificate', 'privateKey']);
  const secret = reading.own(fields, 'secret');
  if (secret === undefined) { throw reading.refused(`${path}.secret`, 'a secret is needed'); }
  const texts = ['trustedCA', 'certificate', 'privateKey'].flatMap(key => {
    const text = reading.text(fields, key, path);
    return text === undefined ? [] : [[key, text] as const];
  });
  return { secret: readSecret(reading, secret, `${path}.secret`), ...Object.fromEntries(texts) };
}

export function readSecret(reading: Reading, raw: unknown, path: string): { name: string; namespace?: string } {
  const fields = reading.object(raw, path, ['name', 'namespace']);
  const name = reading.reader.string(reading.own(fields, 'name'), `${path}.name`);
  if (name === '') { throw reading.notEnforced(`${path}.name`, 'a secret needs a name'); }
  const namespace = reading.text(fields, 'namespace', path);
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}

function readListener(reading: Reading, raw: unknown, path: string): Json {
  const fields = reading.object(raw, path, ['name', 'envoyConfig', 'priority']);
  const config = reading.object(reading.own(fields, 'envoyConfig'), `${path}.envoyConfig`, ['name', 'kind']);
  const named = (value: unknown, at: string): string => {
    const text = reading.reader.string(value, at);
    if (text === '') { throw reading.refused(at, 'a name is needed'); }
    return text;
  };
  const kind = reading.own(config, 'kind');
  const known = kind === undefined ? undefined : reading.reader.oneOf(kind, `${path}.envoyConfig.kind`, [NAMESPACED_ENVOY, CLUSTERWIDE_ENVOY]);
  if (known === NAMESPACED_ENVOY && reading.namespace === undefined) {
    throw reading.fail(`${path}.envoyConfig.kind`, `a policy of the cluster cannot use a ${NAMESPACED_ENVOY}, and the agent then fails to work out all policies of the endpoints that it selects; use a ${CLUSTERWIDE_ENVOY}`);
  }
  const priority = reading.own(fields, 'priority');
  return {
    name: named(reading.own(fields, 'name'), `${path}.name`),
    envoyConfig: { name: named(reading.own(config, 'name'), `${path}.envoyConfig.name`), ...(known === undefined ? {} : { kind: known }) },
    ...(priority === undefined ? {} : { priority: reading.reader.integer(priority, `${path}.priority`, 1, 100) }),
  };
}

/** The same, as fields of every entry of toPorts of the rule. */
export function writePortEffects(policy: Policy, rule: Rule, statement: string): Json {
  const { authentication: _written, ...effects } = rule.effects ?? {};
  const given = Object.keys(effects).filter(key => effects[key] !== undefined);
  const other = given.find(key => !FIELDS.some(field => field === key));
  if (other !== undefined) { throw refuse('cilium', 'effects', statement, other); }
  if (given.length > 0 && rule.action !== 'allow') { throw refuse('cilium', given.includes('listener') ? 'listener' : 'tls', statement, `a rule that is no allow has ${given.join(', ')}`); }
  if (effects.listener !== undefined) { checkListener(effects.listener, policy, statement); }
  return Object.fromEntries(FIELDS.filter(key => given.includes(key)).map(key => [key, effects[key]]));
}

function checkListener(listener: unknown, { direction, origin }: Policy, statement: string): void {
  if (direction === 'ingress') { throw refuse('cilium', 'listener', statement, 'a listener is for egress only'); }
  const { envoyConfig } = listener as { envoyConfig?: { kind?: unknown } };
  if (envoyConfig?.kind === NAMESPACED_ENVOY && origin.namespace === undefined) {
    throw refuse('cilium', 'listener', statement, `a policy of the cluster cannot use a ${NAMESPACED_ENVOY}`);
  }
}
