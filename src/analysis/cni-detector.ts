import { DialectId } from '../dialects/dialect';
import { dialectModule } from '../dialects/index';

/** The CNIs with kinds of their own, with the API groups of these. */
const GROUPS = { cilium: ['cilium.io'], calico: ['projectcalico.org', 'crd.projectcalico.org'] } as const;
type DetectedCni = keyof typeof GROUPS;
const DETECTED = Object.keys(GROUPS) as DetectedCni[];

const CNI_OF_GROUP: ReadonlyMap<string, DetectedCni> = new Map(DETECTED.flatMap(cni => GROUPS[cni].map(group => [group, cni])));
const POLICY_KINDS: ReadonlySet<string> = new Set(DETECTED.flatMap(cni => dialectModule(cni as DialectId).kinds
  .filter(({ role }) => role === 'policy').map(({ kind }) => kind)));

/** Which CNI a cluster runs, by the kinds of its documents, which come one by one. Policies tell more than what else a CNI keeps. */
export class CniDetector {
  private readonly policies = new Map<DetectedCni, string>();
  private readonly others = new Map<DetectedCni, string>();

  public add(document: unknown, at: string): void {
    const { apiVersion, kind } = (document ?? {}) as { apiVersion?: unknown; kind?: unknown };
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') { return; }
    const slash = apiVersion.indexOf('/');
    const cni = slash < 0 ? undefined : CNI_OF_GROUP.get(apiVersion.slice(0, slash));
    if (cni === undefined) { return; }
    const found = POLICY_KINDS.has(kind) ? this.policies : this.others;
    if (!found.has(cni)) { found.set(cni, at); }
  }

  /**
   * The CNI; `kubernetes` where no kind tells, which takes NetworkPolicy as Kubernetes documents it.
   * @throws when there are kinds of several
   */
  public cni(): string {
    const found = this.policies.size > 0 ? this.policies : this.others;
    if (found.size > 1) {
      const what = found === this.policies ? 'policies' : 'objects';
      throw new Error(`there are ${what} of ${[...found].map(([cni, at]) => `${cni} (${at})`).join(' and of ')}; state the CNI of the cluster: --cni ${[...found.keys()].join(' or --cni ')}, or the option cni in a program`);
    }
    const [cni] = found.keys();
    return cni ?? 'kubernetes';
  }
}
