import { boundsOf, compareCidrs, containsCidr, overlaps, parseCidr } from '../../model/cidr';
import { disjunction } from '../../model/dnf';
import { address, EndpointExpr, Reference, selectorExpr } from '../../model/endpoint';
import { labelSelector } from '../dialect';
import { DocumentReader } from '../document-reader';
import { readLabelSelector } from '../label-selector-reader';
import { asRequirement, foreignTerm, peerTerms, PeerTerms, speaksOfPods } from '../peer-terms';
import { refuse } from '../refusals';
import { Reading } from './reading';

/** fromCIDR, fromCIDRSet, toCIDR and toCIDRSet: address ranges, which for Cilium are never those of pods or nodes, and groups of them. */

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
  if (range.anyone || terms.notCidrs.some(({ anyone }) => anyone)) { throw refuse('cilium', 'addresses', statement, range.cidr); }
  if (terms.notCidrs.some(({ except }) => except.length > 0)) { throw refuse('cilium', 'negated-peer', statement, 'an exception of an exception'); }
  const holes = [...range.except, ...terms.notCidrs.map(({ cidr }) => cidr)].filter(hole => overlaps(hole, range.cidr));
  if (holes.some(hole => containsCidr(hole, range.cidr))) { return undefined; }
  const except = [...new Set(holes)].sort(compareCidrs);
  return { cidr: range.cidr, ...(except.length > 0 ? { except } : {}) };
}

export function writeGroup({ name, selector }: Reference, statement: string): Json {
  if (name !== undefined) { return { cidrGroupRef: name }; }
  return { cidrGroupSelector: referenceSelector(selector, statement) };
}

/** The selector of a reference, over the labels of the objects that it refers to. */
export function referenceSelector(selector: EndpointExpr | undefined, statement: string): Json {
  const [conjunction, ...others] = selector ? disjunction(selector) : [];
  if (!conjunction || others.length > 0) { throw refuse('cilium', 'reference', statement, 'it needs a name, or one selector'); }
  return labelSelector(conjunction.map(literal => {
    const [label] = peerTerms([literal]).labels;
    const requirement = label && label.test.of === 'addressSet' ? asRequirement(label) : undefined;
    if (!requirement) { throw refuse('cilium', 'reference', statement, 'its selector asks for more than labels'); }
    return requirement;
  }));
}

export function readCidr({ reader }: Reading, raw: unknown, path: string): EndpointExpr {
  return address(canonicalCidr(reader, raw, path));
}

export function readCidrRule(reading: Reading, raw: unknown, path: string): EndpointExpr {
  const { reader } = reading;
  const fields = reading.object(raw, path, ['cidr', 'cidrGroupRef', 'cidrGroupSelector', 'except']);
  const given = ['cidr', 'cidrGroupRef', 'cidrGroupSelector'].filter(key => reading.own(fields, key) !== undefined);
  if (given.length !== 1) { throw reading.refused(path, 'exactly one of cidr, cidrGroupRef and cidrGroupSelector is needed'); }
  const holes = reading.list(fields, 'except', path) ?? [];
  if (given[0] !== 'cidr') {
    if (holes.length > 0) { throw reading.notEnforced(`${path}.except`, 'Cilium does not support exceptions of a group yet; write the ranges with cidr, or deny the exceptions'); }
    return readGroup(reading, fields, path);
  }
  const cidr = canonicalCidr(reader, reading.own(fields, 'cidr'), `${path}.cidr`);
  return address(cidr, holes.map((item, i) => {
    const hole = canonicalCidr(reader, item, `${path}.except[${i}]`);
    if (!containsCidr(cidr, hole)) { throw reading.notEnforced(`${path}.except[${i}]`, `${hole} must be a part of ${cidr}`); }
    return hole;
  }));
}

function readGroup(reading: Reading, fields: Readonly<Record<string, unknown>>, path: string): Reference {
  const name = reading.text(fields, 'cidrGroupRef', path);
  if (name !== undefined) {
    if (name.length > 253 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name)) {
      throw reading.refused(`${path}.cidrGroupRef`, `${JSON.stringify(name.slice(0, 80))} is no name of a CiliumCIDRGroup`);
    }
    return { ref: 'cidrGroup', name };
  }
  return { ref: 'cidrGroup', selector: readReferenceSelector(reading, reading.own(fields, 'cidrGroupSelector'), `${path}.cidrGroupSelector`) };
}

export const readReferenceSelector = ({ reader }: Reading, raw: unknown, path: string): EndpointExpr =>
  selectorExpr('addressSet', readLabelSelector(reader, raw, path));

/** Bits beyond the prefix are accepted by the API server, and ignored. */
export function canonicalCidr(reader: DocumentReader, raw: unknown, path: string): string {
  const text = reader.string(raw, path);
  return reader.at(path, () => parseCidr(`${boundsOf(text)[0]}/${text.split('/')[1]}`));
}
