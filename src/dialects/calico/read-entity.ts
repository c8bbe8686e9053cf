import { DocumentReader, Fields } from '../document-reader';
import { NAMESPACE, OF_NAMESPACE, OF_SERVICE_ACCOUNT, prefixed, SERVICE_ACCOUNT } from './labels';
import { addressesExpr } from './link-sets';
import { boundedList, ReadContext, RuleContext } from './read-context';
import { readService } from './read-service';
import { equals, every, has, mentionsGlobal, negate, oneOf, parseSelector, replace, Selector } from './selector';
import { endpointsExpr } from './selector-expr';
import { hasLimits, LONGEST_SELECTOR, MOST_NETS } from './version';
import { Family, familyOf, parseCidr } from '../../model/cidr';
import { address, allOf, ANY, EndpointExpr, not } from '../../model/endpoint';

/** One end of a rule: who it is, without its ports. */
export interface End {
  readonly expr: EndpointExpr;
  readonly netFamilies: readonly Family[];
  readonly notNetFamilies: readonly Family[];
}

const FIELDS = ['nets', 'notNets', 'selector', 'notSelector', 'namespaceSelector', 'ports', 'notPorts', 'serviceAccounts', 'services'];

export function readEnd(context: RuleContext, fields: Fields, path: string): End {
  const { reader } = context;
  refuseEnterpriseFields(reader, fields, path);
  reader.only(fields, path, FIELDS);
  const [nets, notNets] = [readNets(context, fields, 'nets', path), readNets(context, fields, 'notNets', path)];
  const whole = notNets.findIndex(cidr => cidr.endsWith('/0'));
  if (whole >= 0) {
    throw reader.fail(`${path}.notNets[${whole}]`, `${notNets[whole]} is every address, so the rule would never match, and Calico's validator refuses it; leave the rule out`);
  }
  const service = readService(context, fields, path);
  return {
    expr: service ?? allOf(
      selectorExpr(context, fields, path),
      nets.length === 0 ? ANY : addressesExpr(nets),
      ...notNets.map(cidr => not(address(cidr))),
    ),
    netFamilies: nets.map(familyOf),
    notNetFamilies: notNets.map(familyOf),
  };
}

/** Without them a rule means more than what was meant, which is why they are not just unknown fields. */
function refuseEnterpriseFields(reader: DocumentReader, fields: Fields, path: string): void {
  if (reader.own(fields, 'domains') === undefined) { return; }
  const left = Object.keys(fields).some(key => key !== 'domains') ? 'the rule without them' : 'a rule for every address';
  throw reader.fail(
    `${path}.domains`,
    `domain names are matched by Calico Enterprise and Calico Cloud only; an API server of open-source Calico that drops the field would leave ${left}, and an allow of all egress where nothing else stands at the destination. `
    + 'Put the addresses into a GlobalNetworkSet and select it by a label (in a NetworkPolicy with namespaceSelector: global()), or use Cilium\'s toFQDNs');
}

/** The namespace counts only where some selector is stated; without any, the end is anything, also outside the cluster. */
function selectorExpr(context: RuleContext, fields: Fields, path: string): EndpointExpr {
  const { reader, origin: { namespace } } = context;
  const selector = readSelector(context, fields, 'selector', path);
  const notSelector = readSelector(context, fields, 'notSelector', path);
  const namespaces = readNamespaceSelector(context, fields, path);
  const accounts = readServiceAccounts(context, fields, path);
  if (!selector && !notSelector && !namespaces && !accounts) { return ANY; }
  const scope = namespaces ?? (namespace === undefined ? undefined : equals(NAMESPACE, namespace));
  const parts = [scope, accounts, selector].filter(part => part !== undefined);
  return reader.at(path, () => allOf(
    parts.length === 0 ? ANY : endpointsExpr(every(parts)),
    notSelector ? not(endpointsExpr(notSelector)) : ANY,
  ));
}

/** A selector of endpoints; undefined when it is absent or empty. */
export function readSelector({ reader, version }: ReadContext, fields: Fields, key: string, path: string): Selector | undefined {
  const value = reader.own(fields, key);
  if (value === undefined || value === '') { return undefined; }
  const at = `${path}.${key}`;
  const text = reader.string(value, at);
  if (hasLimits(version) && !path.endsWith('.serviceAccounts') && text.length > LONGEST_SELECTOR && [...text].length > LONGEST_SELECTOR) {
    throw reader.fail(at, `has more than ${LONGEST_SELECTOR} characters, and the API server takes no more; write several rules or policies`);
  }
  const selector = reader.at(at, () => parseSelector(text));
  if (mentionsGlobal(selector) && (key !== 'namespaceSelector' || !('global' in selector) || path === 'spec')) {
    throw reader.fail(at, 'global() may only stand alone, in the namespaceSelector of a rule');
  }
  return selector;
}

function readNamespaceSelector(context: RuleContext, fields: Fields, path: string): Selector | undefined {
  const selector = readSelector(context, fields, 'namespaceSelector', path);
  return selector && withConstants(prefixed(selector, OF_NAMESPACE), NAMESPACE);
}

/** Of namespaces, all() means endpoints that have one, and global() those that have none. */
export const withConstants = (selector: Selector, label: string): Selector =>
  replace(selector, part => ('all' in part ? has(label) : 'global' in part ? negate(has(label)) : part));

function readServiceAccounts(context: RuleContext, fields: Fields, path: string): Selector | undefined {
  const { reader } = context;
  const value = reader.own(fields, 'serviceAccounts');
  if (value === undefined) { return undefined; }
  const at = `${path}.serviceAccounts`;
  const accounts = reader.object(value, at);
  reader.only(accounts, at, ['names', 'selector']);
  const given = reader.own(accounts, 'names');
  const names = given === undefined ? [] : reader.strings(given, `${at}.names`);
  const selector = readSelector(context, accounts, 'selector', at);
  const parts = [...(selector ? [prefixed(selector, OF_SERVICE_ACCOUNT)] : []), ...(names.length > 0 ? [oneOf(SERVICE_ACCOUNT, names)] : [])];
  return parts.length === 0 ? undefined : every(parts);
}

function readNets(context: RuleContext, fields: Fields, key: 'nets' | 'notNets', path: string): string[] {
  const { reader } = context;
  return boundedList(context, fields, key, path, MOST_NETS).map((item, i) => {
    const at = `${path}.${key}[${i}]`;
    return reader.at(at, () => parseCidr(reader.string(item, at)));
  });
}
