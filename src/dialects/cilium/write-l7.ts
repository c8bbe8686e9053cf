import { disjunction } from '../../model/dnf';
import { Policy, Rule } from '../../model/policy-set';
import { L7 } from '../../model/traffic';
import { Target } from '../dialect';
import { Feature, refuse as refuseIn } from '../refusals';
import { isBefore } from '../versions';
import { writeName } from './names';
import { isAboutNodes } from './nodes';
import { isTcp } from './read-ports';
import { writeHttp } from './write-http';

const refuse = (feature: Feature, statement: string, detail?: string) => refuseIn('cilium', feature, statement, detail);

type Json = Record<string, unknown>;

interface L7Context {
  readonly policy: Policy;
  readonly rule: Rule;
  readonly target: Target;
  readonly statement: string;
}

/** `rules` of an entry of toPorts, which is for one family; `nothing` where no request can pass. */
export function writeL7(l7: L7, context: L7Context): Json | 'nothing' {
  if ('http' in l7) { return httpRules(l7, context); }
  return 'dns' in l7 ? dnsRules(l7.dns, context) : opaqueRules(l7, context);
}

function httpRules({ http }: Extract<L7, { http: unknown }>, { policy, rule, statement }: L7Context): Json | 'nothing' {
  if (rule.action !== 'allow') { throw refuse('http', statement, 'a deny rule has no HTTP rules'); }
  if (isOfNodes(policy)) { throw refuse('http', statement, 'policies of nodes have no HTTP rules'); }
  checkTcp(rule, statement);
  const rules = writeHttp(http, statement);
  // An empty list would be every request.
  return rules.length === 0 ? 'nothing' : { http: rules };
}

function dnsRules(names: readonly string[], { policy, rule, target, statement }: L7Context): Json {
  if (policy.direction === 'ingress') { throw refuse('l7', statement, 'DNS rules are for egress only'); }
  if (rule.action === 'deny') { throw refuse('l7', statement, 'a deny rule has no DNS rules'); }
  if (names.length === 0) { throw refuse('l7', statement, 'a DNS rule without a name'); }
  const overSctp = rule.match.traffic.some(({ l7, protocols }) => l7 && 'dns' in l7 && protocols.every(([first, last]) => first === SCTP && last === SCTP));
  if (overSctp) { throw refuse('l7', statement, 'DNS over SCTP'); }
  return { dns: [...new Set(names)].map(name => writeName(name, target, statement)) };
}

const SCTP = 132;
const ENDED_SINCE = '1.20';

function opaqueRules({ opaque, value }: Extract<L7, { opaque: unknown }>, { policy, rule, target, statement }: L7Context): Json {
  const known = opaque === 'kafka' || opaque === 'l7proto';
  if (!known || !isBefore(target.version, ENDED_SINCE) || rule.action !== 'allow' || isOfNodes(policy)) { throw refuse('l7', statement, opaque); }
  checkTcp(rule, statement);
  return opaque === 'kafka' ? { kafka: value } : value as Json;
}

function checkTcp({ match }: Rule, statement: string): void {
  if (!match.traffic.every(box => box.l7 === undefined || 'dns' in box.l7 || isTcp(box))) { throw refuse('http', statement, 'requests on ports that are not of TCP'); }
}

const isOfNodes = ({ subject }: Policy): boolean => disjunction(subject).some(isAboutNodes);
