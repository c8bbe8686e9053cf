import { Family, familyOf, parseCidr } from '../../model/cidr';
import { address, allOf, ANY, anyOf, EndpointExpr, not } from '../../model/endpoint';
import { DocumentReader, Fields } from '../document-reader';
import { NAMESPACE, OF_NAMESPACE, OF_SERVICE_ACCOUNT, prefixed, SERVICE_ACCOUNT } from './labels';
import { equals, every, has, mentionsGlobal, negate, oneOf, parseSelector, replace, Selector } from './selector';
import { endpointsExpr } from './selector-expr';

/** One end of a rule: who it is, without its ports. */
export interface End {
  readonly expr: EndpointExpr;
  readonly netFamilies: readonly Family[];
  readonly notNetFamilies: readonly Family[];
}

/** `namespace` is that of a namespaced policy. */
export function readEnd(reader: DocumentReader, fields: Fields, path: string, namespace: string | undefined): End {
  reader.only(fields, path, ['nets', 'notNets', 'selector', 'notSelector', 'namespaceSelector', 'ports', 'notPorts', 'serviceAccounts', 'services']);
  if (reader.own(fields, 'services') !== undefined) { throw reader.fail(`${path}.services`, 'services are not evaluated yet; select their pods by labels'); }
  const [nets, notNets] = [readNets(reader, fields, 'nets', path), readNets(reader, fields, 'notNets', path)];
  const whole = notNets.findIndex(cidr => cidr.endsWith('/0'));
  if (whole >= 0) { throw reader.fail(`${path}.notNets[${whole}]`, `${notNets[whole]} is every address, so the rule would never match; leave the rule out`); }
  return {
    expr: allOf(
      selectorExpr(reader, fields, path, namespace),
      nets.length === 0 ? ANY : anyOf(...nets.map(cidr => address(cidr))),
      ...notNets.map(cidr => not(address(cidr))),
    ),
    netFamilies: nets.map(familyOf),
    notNetFamilies: notNets.map(familyOf),
  };
}

/** The namespace counts only where some selector is stated; without any, the end is anything, also outside the cluster. */
function selectorExpr(reader: DocumentReader, fields: Fields, path: string, namespace: string | undefined): EndpointExpr {
  const selector = readSelector(reader, fields, 'selector', path);
  const notSelector = readSelector(reader, fields, 'notSelector', path);
  const namespaces = readNamespaceSelector(reader, fields, path);
  const accounts = readServiceAccounts(reader, fields, path);
  if (!selector && !notSelector && !namespaces && !accounts) { return ANY; }
  const scope = namespaces ?? (namespace === undefined ? undefined : equals(NAMESPACE, namespace));
  const parts = [scope, accounts, selector].filter(part => part !== undefined);
  return reader.at(path, () => allOf(
    parts.length === 0 ? ANY : endpointsExpr(every(parts)),
    notSelector ? not(endpointsExpr(notSelector)) : ANY,
  ));
}

/** A selector of endpoints; undefined when it is absent or empty. */
export function readSelector(reader: DocumentReader, fields: Fields, key: string, path: string): Selector | undefined {
  const text = reader.own(fields, key);
  if (text === undefined || text === '') { return undefined; }
  const at = `${path}.${key}`;
  const selector = reader.at(at, () => parseSelector(reader.string(text, at)));
  if (mentionsGlobal(selector) && (key !== 'namespaceSelector' || !('global' in selector) || path === 'spec')) {
    throw reader.fail(at, 'global() may only stand alone, in the namespaceSelector of a rule');
  }
  return selector;
}

function readNamespaceSelector(reader: DocumentReader, fields: Fields, path: string): Selector | undefined {
  const selector = readSelector(reader, fields, 'namespaceSelector', path);
  return selector && withConstants(prefixed(selector, OF_NAMESPACE), NAMESPACE);
}

/** Of namespaces, all() means endpoints that have one, and global() those that have none. */
export const withConstants = (selector: Selector, label: string): Selector =>
  replace(selector, part => ('all' in part ? has(label) : 'global' in part ? negate(has(label)) : part));

function readServiceAccounts(reader: DocumentReader, fields: Fields, path: string): Selector | undefined {
  const value = reader.own(fields, 'serviceAccounts');
  if (value === undefined) { return undefined; }
  const at = `${path}.serviceAccounts`;
  const accounts = reader.object(value, at);
  reader.only(accounts, at, ['names', 'selector']);
  const given = reader.own(accounts, 'names');
  const names = given === undefined ? [] : reader.strings(given, `${at}.names`);
  const selector = readSelector(reader, accounts, 'selector', at);
  const parts = [...(selector ? [prefixed(selector, OF_SERVICE_ACCOUNT)] : []), ...(names.length > 0 ? [oneOf(SERVICE_ACCOUNT, names)] : [])];
  return parts.length === 0 ? undefined : every(parts);
}

function readNets(reader: DocumentReader, fields: Fields, key: 'nets' | 'notNets', path: string): string[] {
  return (reader.optionalList(reader.own(fields, key), `${path}.${key}`) ?? []).map((item, i) => {
    const at = `${path}.${key}[${i}]`;
    return reader.at(at, () => parseCidr(reader.string(item, at)));
  });
}
