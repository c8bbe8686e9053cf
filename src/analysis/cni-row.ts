import type { ResolvedCluster } from './cluster';
import { CniColumn, doubtOf, InstalledCni, LeavesOpen, valueOf } from '../cluster/cni-capabilities';
import { CNI_PROFILES } from '../cluster/cni-profiles';
import { CNI_TABLE } from '../cluster/cni-table';

/** What the table of CNIs says of the CNI of a cluster. */
export class CniRow {
  private readonly installed: InstalledCni;

  public constructor({ cni: name, version, features = {} }: ResolvedCluster) {
    const options = Object.entries(features).flatMap(([option, on]) => (on ? [option] : []));
    this.installed = { name, ...(version === undefined ? {} : { version }), options };
  }

  /** Whether it may do something else than a policy says. */
  public isDoubtful(column: CniColumn): boolean { return valueOf(this.installed, column) !== 'yes'; }

  public surelyIgnores(column: CniColumn): boolean { return valueOf(this.installed, column) === 'no'; }

  /** Undefined: all that a document says. */
  public leavesOpen(column: CniColumn): LeavesOpen | undefined { return CNI_TABLE[this.installed.name][column].leavesOpen; }

  /** The CNI, the column and the source. */
  public because(column: CniColumn): string { return doubtOf(this.installed, column); }

  /** Where it enforces nothing. */
  public get ignoresBecause(): string | undefined { return CNI_PROFILES[this.installed.name].ignoresBecause; }
}
