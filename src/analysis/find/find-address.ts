import * as ipaddr from 'ipaddr.js';
import { serviceParty } from './find-service';
import { Known } from './known';
import { preview } from '../../dialects/preview';
import { boundsOf, containsAddress, familyOf, hostRange, isAddress, overlaps, parseCidr } from '../../model/cidr';
import type { Analysis } from '../analysis';
import { ResolvedCluster } from '../cluster';
import { rangeOf } from '../connections/address-ranges';
import { without } from '../contract/address-space';
import type { FoundParty } from '../find-party';
import { Party, Variant } from '../party';
import { addressParty, rangeParty } from '../world/external-parties';
import { someNode, variantsOfNode } from '../world/node-variants';
import { doubtfulRangesOf, podRangesOf } from '../world/pod-ranges';
import { World } from '../world/world';
import { canonicalAddress } from '../world/world-object';

/** `203.0.113.7`, `203.0.113.0/24`, or a range as `list` writes it. */
const RANGE = /^([0-9a-fA-F.:]+)-([0-9a-fA-F.:]+?)(\[External\])?$/;

export function isAddressText(text: string): boolean {
  const range = RANGE.exec(text);
  return isAddress(text) || (range ? isAddress(range[1]) && isAddress(range[2]) : /^[0-9a-fA-F.:]+\/\d{1,3}$/.test(text) && isAddress(text.split('/')[0]));
}

/** Whoever has the address: an address is outside only where nobody of the cluster holds it. */
export function findAddress(analysis: Analysis, text: string): FoundParty {
  if (isAddress(text)) { return atAddress(analysis, text, canonicalAddress(text)); }
  const range = RANGE.exec(text);
  if (!range) {
    const cidr = parseCidr(text);
    const [begins, ends] = boundsOf(cidr);
    return begins === ends ? atAddress(analysis, text, begins) : inRange(analysis, text, cidr);
  }
  const [first, last] = [canonicalAddress(range[1]), canonicalAddress(range[2])];
  if (first === last) { return atAddress(analysis, text, first); }
  const cidr = cidrOf(first, last);
  if (cidr === undefined) { throw new Error(`${preview(text)} is not the range of one prefix; write it as a CIDR such as 203.0.113.0/24, or ask for one of its addresses`); }
  return inRange(analysis, text, cidr);
}

function atAddress(analysis: Analysis, text: string, address: string): FoundParty {
  const known = Known.of(analysis);
  const { world, cluster } = analysis;
  const holder = known.atAddress(address);
  if (holder) { return { text, parties: [only(holder, address)], notes: [`${address} is the address of a pod of ${holder.text}`] }; }
  const service = known.serviceAt(address);
  if (service) {
    const found = serviceParty(analysis, service, text);
    return { ...found, notes: [`${address} is the address of Service ${service.namespace}/${service.name}; policies see its backends`, ...found.notes] };
  }
  const node = known.nodeAt(address);
  if (node) {
    const variants = variantsOfNode(node, world, cluster).filter(variant => variant.address === undefined || variant.address === address);
    return { text, parties: [{ text: `node/${node.name}`, variants }], notes: [`${address} is the address of Node ${node.name}`] };
  }
  const podRange = podRangesOf(world, cluster).find(({ cidr }) => containsAddress(cidr, address));
  if (podRange) {
    return { text, parties: [{ text: address, variants: [unknownPod(address)] }], notes: [`${address} is in the range of pods ${podRange.cidr}, and no pod of the input is known to have it: whose it is decides`] };
  }
  const nodeRange = cluster.nodeCidrs.find(cidr => containsAddress(cidr, address));
  if (nodeRange !== undefined) {
    return { text, parties: [{ text: address, variants: unknownNode(address) }], notes: [`${address} is in the range of nodes ${nodeRange}`] };
  }
  const serviceRange = cluster.serviceCidrs.find(cidr => containsAddress(cidr, address));
  if (serviceRange !== undefined) {
    const notes = [`${address} is in the range of Services ${serviceRange}, and no Service of the input has it: policies see who is behind it, and who that is decides`];
    return { text, parties: [{ text: address, variants: somebody(analysis) }], notes };
  }
  const outside = addressParty(address);
  const doubtful = doubtfulRangesOf(world, cluster).find(({ cidr }) => containsAddress(cidr, address));
  if (doubtful) {
    const notes = [`${address} is in ${doubtful.cidr}, which ${doubtful.at} states for pods, and whether pods have such addresses is not known; state --pod-cidr`];
    return { text, parties: [{ text: address, variants: [unknownPod(address), ...outside.variants] }], notes };
  }
  return { text, parties: [outside], notes: privateNotes(world, cluster, address) };
}

/** The workload as far as it has this address. */
function only(party: Party, address: string): Party {
  const variants = party.variants.filter(variant => variant.address === address);
  return variants.length === 0 || variants.length === party.variants.length ? party : { ...party, variants };
}

const unknownPod = (address: string): Variant => ({ kind: 'pod', address, entities: ['all', 'cluster', 'cluster-mesh'], names: [] });

/** Behind a Service there may be pods, nodes, and addresses outside. */
const somebody = ({ world, cluster }: Analysis): Variant[] => [
  { kind: 'pod', entities: ['all', 'cluster', 'cluster-mesh'], names: [] },
  ...someNode(world, cluster),
  { kind: 'external', entities: ['all', 'world'], principal: '' },
];

const unknownNode = (address: string): Variant[] => ['host', 'remote-node'].map(which =>
  ({ kind: 'node', address, entities: ['all', 'cluster', 'cluster-mesh', which], names: [], principal: '' }));

/** What is outside of a range that may also hold pods and nodes. */
function inRange({ world, cluster }: Analysis, text: string, cidr: string): FoundParty {
  const inside = [...new Set([...podRangesOf(world, cluster).map(range => range.cidr), ...cluster.nodeCidrs, ...cluster.serviceCidrs])]
    .filter(range => overlaps(range, cidr));
  const workloads = world.workloads.filter(({ addresses }) => addresses.some(address => containsAddress(cidr, address)));
  const held = [...workloads, ...world.nodes.values()].flatMap(({ addresses }) => addresses).filter(address => containsAddress(cidr, address));
  const holds = inside.length > 0 ? inside.slice(0, 3).join(', ') : held[0];
  if (holds === undefined) { return { text, parties: [rangeParty(cidr)], notes: doubtNotes(world, cluster, cidr) }; }
  if (without([rangeOf(cidr)], [...inside, ...held.map(hostRange)].map(rangeOf)).length === 0) {
    const names = workloads.slice(0, 3).map(({ namespace, name }) => `${namespace}/${name}`);
    throw new Error(`${preview(text)} is a range inside the cluster (${holds}), and policies see whose addresses these are; `
      + `name the workload${names.length > 0 ? `, such as ${names.join(' or ')}` : ''}, a node such as node/NAME, or one address`);
  }
  return {
    text,
    parties: [rangeParty(cidr)],
    notes: [`${cidr} also holds addresses of the cluster (${holds}); the answer is that for what is outside of it`],
  };
}

const doubtNotes = (world: World, cluster: ResolvedCluster, cidr: string): string[] => {
  const doubtful = doubtfulRangesOf(world, cluster).find(range => overlaps(range.cidr, cidr));
  if (doubtful) { return [`${cidr} is taken to be outside the cluster, though ${doubtful.at} states the range ${doubtful.cidr} for pods; state --pod-cidr`]; }
  return privateNotes(world, cluster, boundsOf(cidr)[0], cidr);
};

/** Of addresses that clusters use too, where nothing says which this one uses. */
function privateNotes(world: World, cluster: ResolvedCluster, address: string, text = address): string[] {
  if (podRangesOf(world, cluster).length > 0 || !PRIVATE.includes(ipaddr.parse(address).range())) { return []; }
  return [`${text} is private, and is taken to be outside the cluster: the ranges of its pods${cluster.nodeCidrs.length > 0 ? '' : ' and nodes'} are not known; `
    + `state --pod-cidr${cluster.nodeCidrs.length > 0 ? '' : ' and --node-cidr'}`];
}

const PRIVATE: readonly string[] = ['private', 'uniqueLocal', 'carrierGradeNat', 'linkLocal'];

/** The range of one prefix that begins and ends there. */
function cidrOf(first: string, last: string): string | undefined {
  if (familyOf(first) !== familyOf(last)) { return undefined; }
  const prefixes = Array.from({ length: familyOf(first) === 4 ? 33 : 129 }, (_, prefix) => `${first}/${prefix}`);
  return prefixes.find(cidr => {
    const [begins, ends] = boundsOf(cidr);
    return begins === first && ends === last;
  });
}
