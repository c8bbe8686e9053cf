import { boundsOf, compareCidrs, containsCidr, overlaps, parseCidr } from '../../model/cidr';
import { address, EndpointExpr } from '../../model/endpoint';
import { DocumentReader } from '../document-reader';
import { foreignTerm, PeerTerms, speaksOfPods } from '../peer-terms';
import { refuse } from '../refusals';

/** fromCIDR, fromCIDRSet, toCIDR and toCIDRSet: address ranges, which for Cilium are never those of pods or nodes. */

type Json = Record<string, unknown>;

/** Undefined where the exceptions leave nothing. */
export function writeCidr(terms: PeerTerms, statement: string): Json | undefined {
  if (speaksOfPods(terms) || terms.labels.length + terms.notNamespaces.length + terms.notServiceAccounts.length > 0) {
    throw refuse('cilium', 'negated-peer', statement, 'an address together with labels');
  }
  if (terms.fqdns.length + terms.entities.length + terms.kinds.length + terms.notKinds.length > 0 || foreignTerm(terms)) {
    throw refuse('cilium', 'negated-peer', statement, 'an address together with something else');
  }
  const [range] = terms.cidrs;
  if (terms.cidrs.length > 1) { throw refuse('cilium', 'several-cidrs', statement, terms.cidrs.map(({ cidr }) => cidr).join(', ')); }
  if (terms.notCidrs.some(({ except }) => except.length > 0)) { throw refuse('cilium', 'negated-peer', statement, 'an exception of an exception'); }
  const holes = [...range.except, ...terms.notCidrs.map(({ cidr }) => cidr)].filter(hole => overlaps(hole, range.cidr));
  if (holes.some(hole => containsCidr(hole, range.cidr))) { return undefined; }
  const except = [...new Set(holes)].sort(compareCidrs);
  return { cidr: range.cidr, ...(except.length > 0 ? { except } : {}) };
}

export function readCidr(reader: DocumentReader, raw: unknown, path: string): EndpointExpr {
  return address(canonical(reader, raw, path));
}

export function readCidrRule(reader: DocumentReader, raw: unknown, path: string): EndpointExpr {
  const fields = reader.object(raw, path);
  reader.only(fields, path, ['cidr', 'cidrGroupRef', 'cidrGroupSelector', 'except']);
  const given = ['cidr', 'cidrGroupRef', 'cidrGroupSelector'].filter(key => reader.own(fields, key) !== undefined);
  if (given.length !== 1) { throw reader.fail(path, 'exactly one of cidr, cidrGroupRef and cidrGroupSelector is needed'); }
  if (given[0] !== 'cidr') { throw reader.fail(`${path}.${given[0]}`, 'this is not evaluated yet'); }
  const cidr = canonical(reader, reader.own(fields, 'cidr'), `${path}.cidr`);
  const except = (reader.optionalList(reader.own(fields, 'except'), `${path}.except`) ?? []).map((item, i) => {
    const hole = canonical(reader, item, `${path}.except[${i}]`);
    if (!containsCidr(cidr, hole)) { throw reader.fail(`${path}.except[${i}]`, `${hole} must be a part of ${cidr}`); }
    return hole;
  });
  return address(cidr, except);
}

/** Bits beyond the prefix are accepted by the API server, and ignored. */
function canonical(reader: DocumentReader, raw: unknown, path: string): string {
  const text = reader.string(raw, path);
  return reader.at(path, () => parseCidr(`${boundsOf(text)[0]}/${text.split('/')[1]}`));
}
