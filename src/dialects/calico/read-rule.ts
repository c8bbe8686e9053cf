import { Family } from '../../model/cidr';
import { Action, Rule } from '../../model/policy-set';
import { Fields } from '../document-reader';
import { JUSTIFICATION, readReasons } from '../justifications';
import { RuleContext } from './read-context';
import { End, readEnd } from './read-entity';
import { readHttp } from './read-http';
import { readProtocol, readTraffic } from './read-traffic';

const FIELDS = ['action', 'ipVersion', 'protocol', 'notProtocol', 'icmp', 'notICMP', 'source', 'destination', 'http', 'metadata'];
const ACTIONS = { Allow: 'allow', Deny: 'deny', Pass: 'pass', Log: 'log' } as const satisfies Record<string, Action>;

export function readRule(context: RuleContext, raw: unknown, path: string): Rule {
  const { reader, origin } = context;
  const fields = reader.object(raw, path);
  reader.only(fields, path, FIELDS);
  const action = ACTIONS[reader.oneOf(reader.own(fields, 'action'), `${path}.action`, ['Allow', 'Deny', 'Pass', 'Log'])];
  const [sourceFields, destinationFields] = ['source', 'destination'].map(key => reader.object(reader.own(fields, key) ?? {}, `${path}.${key}`));
  const http = readHttp(context, fields, path, action, readProtocol(reader, fields, 'protocol', path));
  const source = readEnd(context, sourceFields, `${path}.source`);
  const destination = readEnd(context, destinationFields, `${path}.destination`);
  const ipVersion = readIpVersion(context, fields, path, [source, destination]);
  const traffic = readTraffic(context, fields, sourceFields, destinationFields, path, ipVersion, http);
  const { effects, justifications } = readEffects(context, fields, path);
  return {
    action,
    match: { source: source.expr, destination: destination.expr, traffic },
    origin: { ...origin, part: path.slice('spec.'.length) },
    ...(effects ? { effects } : {}),
    ...(justifications ? { justifications } : {}),
  };
}

/** A rule is of one IP version. Nets say it themselves; notNets alone leave the other version out, which has to be said. */
function readIpVersion({ reader }: RuleContext, fields: Fields, path: string, ends: readonly End[]): Family | undefined {
  const value = reader.own(fields, 'ipVersion');
  if (value !== undefined && value !== 4 && value !== 6) { throw reader.fail(`${path}.ipVersion`, `must be 4 or 6, got ${JSON.stringify(value)}`); }
  const ofNets = ends.flatMap(({ netFamilies }) => netFamilies);
  const families = [...new Set([...ofNets, ...ends.flatMap(({ notNetFamilies }) => notNetFamilies)])];
  if (families.length > 1) { throw reader.fail(path, 'mixes IPv4 and IPv6 nets; write one rule for each'); }
  if (value !== undefined && families.length > 0 && families[0] !== value) { throw reader.fail(`${path}.ipVersion`, `the nets of this rule are IPv${families[0]}`); }
  return value ?? (ofNets.length > 0 ? undefined : families[0]);
}

function readEffects({ reader }: RuleContext, fields: Fields, path: string): Pick<Rule, 'effects' | 'justifications'> {
  const value = reader.own(fields, 'metadata');
  if (value === undefined) { return {}; }
  const metadata = reader.object(value, `${path}.metadata`);
  reader.only(metadata, `${path}.metadata`, ['annotations']);
  const annotations = reader.own(metadata, 'annotations');
  if (annotations === undefined) { return {}; }
  const at = `${path}.metadata.annotations`;
  const texts = Object.fromEntries(Object.entries(reader.object(annotations, at)).map(([key, text]) => [key, reader.string(text, `${at}[${key}]`)]));
  const { [JUSTIFICATION]: text, ...others } = texts;
  const reasons = readReasons(text);
  if (!reasons || reasons.ofAll.length === 0) { return { effects: { annotations: texts } }; }
  return { justifications: reasons.ofAll, ...(Object.keys(others).length > 0 ? { effects: { annotations: others } } : {}) };
}
