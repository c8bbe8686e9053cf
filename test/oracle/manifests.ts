/** What the readers of all dialects share: complaining about a manifest, and picking manifests by kind. */

/** A manifest that its API server or agent rejects: the judge never guesses what was meant. */
export function reject(where: string, why: string): never {
  throw new Error(`${where}: ${why}`);
}

/** A field that the kind does not have is pruned in silence or rejected, and never means what its author hoped. */
export function onlyFields(object: any, fields: readonly string[], where: string): void {
  if (typeof object !== 'object' || object === null || Array.isArray(object)) reject(where, 'must be an object');
  for (const field of Object.keys(object)) {
    if (!fields.includes(field)) reject(where, `unknown field '${field}'`);
  }
}

/** A list field: absent and null are the empty list. */
export function list(value: any, where: string): any[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) reject(where, 'must be a list');
  return value;
}

/** JSON's null is the same as an absent field to the API server. */
export function isSet(value: any): boolean {
  return value !== undefined && value !== null;
}

export function isInteger(value: any, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

export function nameOf(manifest: any): string {
  const { name, namespace } = manifest.metadata ?? {};
  return `${manifest.kind} ${namespace === undefined ? '' : `${namespace}/`}${name}`;
}

/** The namespace of a namespaced object; kubectl fills in "default". */
export function namespaceOf(manifest: any): string {
  return manifest.metadata?.namespace ?? 'default';
}

export function ofKind(manifests: any[], group: string, kind: string): any[] {
  return manifests.filter((manifest) => groupOf(manifest) === group && manifest.kind === kind);
}

/** "" for the core group. */
export function groupOf(manifest: any): string {
  const apiVersion = String(manifest?.apiVersion ?? '');
  return apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
}

/** Policies that decide about flows too, and that no judge here can read: silence about them would be a wrong verdict. */
const UNJUDGED_GROUPS = ['policy.networking.k8s.io', 'security.istio.io', 'crd.projectcalico.org'];

/** All the objects of a program, lists unfolded; throws where the verdict could not be trusted. */
export function allObjects(manifests: any[]): any[] {
  const objects = manifests.flatMap((manifest) => (manifest?.kind === 'List' ? manifest.items : [manifest]));
  const seen = new Set<string>();
  for (const object of objects) {
    if (typeof object?.apiVersion !== 'string' || typeof object.kind !== 'string') {
      throw new Error(`not a manifest: ${JSON.stringify(object)}`);
    }
    if (UNJUDGED_GROUPS.includes(groupOf(object))) reject(nameOf(object), `the judge does not know ${object.apiVersion}`);
    const key = `${groupOf(object)} ${nameOf(object)}`;
    if (seen.has(key)) reject(nameOf(object), 'is there twice: the API server keeps one of the two');
    seen.add(key);
  }
  return objects;
}
