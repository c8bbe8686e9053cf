import { isBefore } from '../versions';

/** What changed between versions of Calico. Without a version: the newest. */

/** The v3 CRD has bounds on lists and texts, and its rules stand in the schema too. */
export const hasLimits = (version: string | undefined): boolean => !isBefore(version, '3.33');

/** HTTP matches have had bounds for longer. */
export const hasHttpLimits = (version: string | undefined): boolean => !isBefore(version, '3.32');

/** The name of a policy says nothing of its tier any more, and ties in order are broken by name, namespace and kind. */
export const hasFreeNames = (version: string | undefined): boolean => !isBefore(version, '3.32');

/** ClusterNetworkPolicy v1alpha2 in place of AdminNetworkPolicy v1alpha1, with its tiers. */
export const hasClusterNetworkPolicy = (version: string | undefined): boolean => !isBefore(version, '3.32');

/** A port name without a protocol is looked up among the ports of every protocol; before that, among those of TCP. */
export const namesPortsOfEveryProtocol = (version: string | undefined): boolean => !isBefore(version, '3.32');

/** Since 3.31.6 HTTP paths are compared in their normal form, and prefixes by whole segments; without a patch number, the newest patch. */
export function comparesPathSegments(version: string | undefined): boolean {
  const patch = /^v?3\.31\.(\d{1,9})/.exec(version ?? '')?.[1];
  return !isBefore(version, '3.31') && (patch === undefined || Number(patch) >= 6);
}

export const MOST_RULES = 1024;
export const MOST_NETS = 256;
export const MOST_PORTS = 50;
export const LONGEST_SELECTOR = 1024;
export const MOST_HTTP_ENTRIES = 20;
export const LONGEST_HTTP_PATH = 1024;
