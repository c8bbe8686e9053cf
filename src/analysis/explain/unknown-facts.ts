import { listText, referenceText } from './expr-text';
import { addressText, NamedEnd } from './peer-mismatch';
import { Atom, EndpointExpr, LabelTest } from '../../model/endpoint';
import { Endpoint, matchesEndpoint, MAYBE, Profile } from '../../model/match';
import { API_SERVER, INGRESS_CONTROLLER } from '../party';

/** The facts for want of which it is not known whether an end is one that an expression is about; sentences. */
export function unknownFacts(expr: EndpointExpr, end: NamedEnd, profile: Profile): string[] {
  if (matchesEndpoint(expr, end.endpoint, profile) !== MAYBE) { return []; }
  if ('not' in expr) { return unknownFacts(expr.not, end, profile); }
  if ('allOf' in expr) { return expr.allOf.flatMap(part => unknownFacts(part, end, profile)); }
  if ('anyOf' in expr) { return expr.anyOf.flatMap(part => unknownFacts(part, end, profile)); }
  return 'any' in expr || 'none' in expr ? [] : [atomFact(expr, end)];
}

function atomFact(atom: Atom, { text, endpoint }: NamedEnd): string {
  if ('label' in atom) { return labelFact(atom, text, endpoint); }
  if ('ref' in atom) { return `what ${referenceText(atom)} holds: ${REFERENCES[atom.ref]}`; }
  if ('cidr' in atom) { return cidrFact(atom.cidr, text, endpoint); }
  if ('fqdn' in atom) { return `by which DNS name ${text} was found (asked for: ${atom.fqdn}): ask for the name in place of the address`; }
  if ('entity' in atom) { return `whether ${text} is the entity ${atom.entity}`; }
  if ('principal' in atom) { return `the mesh identity of ${text} (asked for: ${atom.principal}): whether it is in the mesh, and with which identity`; }
  if ('cluster' in atom) { return `the name of the cluster that ${text} is in (asked for: ${atom.cluster})`; }
  if ('namespace' in atom) { return `the namespace of ${text} (asked for: ${atom.namespace})${text === INGRESS_CONTROLLER ? ': state which controller it is (--ingress-controller)' : ''}`; }
  return `the ${'serviceAccount' in atom ? `service account of ${text} (asked for: ${atom.serviceAccount})` : `kind of ${text}`}`;
}

const REFERENCES = {
  cloudGroup: 'only the cloud knows its addresses',
  cidrGroup: 'add the CiliumCIDRGroup to the input',
  service: 'add the Service and its EndpointSlices to the input',
  addressSet: 'add the NetworkSet to the input',
} as const;

function labelFact({ of, label }: LabelTest, text: string, endpoint: Endpoint): string {
  switch (of) {
    case 'namespace': return endpoint.namespace === undefined
      ? `the labels of the namespace of ${text} (asked for: ${label})`
      : `the labels of namespace ${endpoint.namespace} (asked for: ${label}): add its Namespace object to the input`;
    case 'serviceAccount': return `the labels of the service account of ${text} (asked for: ${label}): add the ServiceAccount ${endpoint.namespace}/${endpoint.serviceAccount} to the input`;
    // Of what is in the input the account is known.
    case 'pod': return `the label ${label} of ${text}, which ${endpoint.serviceAccount === undefined ? 'is not in the input' : 'its controller generates'}`;
    case 'node': return `the labels of the node of ${text} (asked for: ${label}): add the Nodes to the input`;
    default: return `the label ${label} of ${text}`;
  }
}

function cidrFact(cidr: string, text: string, endpoint: Endpoint): string {
  if (text === API_SERVER) { return `the address of the API server (asked for: ${cidr}): state it (--api-server-cidr), or add the EndpointSlices of Service default/kubernetes to the input`; }
  const of = endpoint.kind === 'node' ? 'node' : 'pod';
  const known = endpoint.addressIn !== undefined && endpoint.addressIn.length > 0;
  if (endpoint.kind === 'external') { return `the address of ${text} (asked for: ${cidr}): ask for an address in place of ${known ? `all of ${listText(endpoint.addressIn!)}` : 'the name'}`; }
  if (known) { return `which address of ${listText(endpoint.addressIn!)} ${text} has (asked for: ${cidr}): add its ${of === 'pod' ? 'Pods with their addresses' : 'Node with its addresses'} to the input`; }
  return `${addressText(endpoint, text)} (asked for: ${cidr}): state the ranges of ${of}s (--${of}-cidr), or add the ${of === 'pod' ? 'Pods' : 'Nodes'} with their addresses to the input`;
}
