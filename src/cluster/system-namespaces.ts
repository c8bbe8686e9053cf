import { ADDON_NAMESPACES } from './addon-namespaces';
import { DISTRIBUTION_NAMESPACES } from './distribution-namespaces';

/** A namespace that belongs to the cluster or to an add-on. */
export interface SystemNamespace {
  readonly name: string;
  /** The distribution or add-on that it belongs to. */
  readonly of: string;
  /** Whether every cluster of any distribution may have it. */
  readonly everywhere?: boolean;
  /** Whether it comes with something that is installed on a cluster, and not with the cluster itself. */
  readonly addon?: boolean;
  readonly source: string;
}

/** Namespaces of one owner, by the page that names them. */
export type NamespacesByOwner = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const INITIAL = 'https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/#initial-namespaces';

/** Every row names the page that it rests on. */
export const SYSTEM_NAMESPACES: readonly SystemNamespace[] = [
  ...['kube-system', 'kube-public', 'kube-node-lease'].map((name): SystemNamespace => ({ name, of: 'kubernetes', everywhere: true, source: INITIAL })),
  ...rowsOf(DISTRIBUTION_NAMESPACES),
  ...rowsOf(ADDON_NAMESPACES).map((row): SystemNamespace => ({ ...row, addon: true })),
];

function rowsOf(owners: NamespacesByOwner): SystemNamespace[] {
  return Object.entries(owners).flatMap(([of, pages]) =>
    Object.entries(pages).flatMap(([source, names]) => names.map((name): SystemNamespace => ({ name, of, source }))));
}

/** The names of the add-ons that are known, sorted. */
export const ADDONS: readonly string[] = Object.keys(ADDON_NAMESPACES).sort();

/** What is wrong with the names of add-ons; undefined where nothing is. */
export function addonProblem(addons: readonly string[]): string | undefined {
  const unknown = addons.find(addon => !ADDONS.includes(addon));
  return unknown === undefined ? undefined
    : `add-on ${JSON.stringify(unknown)} is not known; use some of ${ADDONS.join(', ')}, or state its namespaces with systemNamespaces`;
}

/** What decides which namespaces policies for every namespace leave alone. */
export interface SystemNamespacesOf {
  /** The name of the distribution. */
  readonly distribution: string;
  /** The name of the CNI, whose own namespaces are there whichever add-ons are. */
  readonly cni: string;
  /** The add-ons that are installed; undefined: any of them may be. */
  readonly addons?: readonly string[];
  /** Those that somebody has stated, and those in which other facts place something. */
  readonly further: readonly string[];
}

/** The networks beside which a CNI that only enforces policies may run. */
const BESIDE: Readonly<Record<string, readonly string[]>> = { 'kube-network-policies': ['flannel'] };

/** The names of the namespaces that policies for every namespace must leave alone, sorted. */
export function systemNamespaces({ distribution, cni, addons = ADDONS, further }: SystemNamespacesOf): string[] {
  const installed = [...addons, cni, ...(BESIDE[cni] ?? [])];
  const known = SYSTEM_NAMESPACES.filter(({ everywhere, of, addon }) => everywhere || of === distribution || (addon && installed.includes(of)));
  return [...new Set([...known.map(({ name }) => name), ...further])].sort();
}
