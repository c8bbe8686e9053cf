import { CNI_TABLE } from './cni-table';

/** What a CNI does with each part of a policy, as data: one row for each CNI in `CNI_TABLE`, a cell for each column, a source for each cell. */

/** What each column says, for messages and for the page that is generated. */
export const CNI_COLUMNS = {
  ingress: 'rules for what comes in',
  egress: 'rules for what goes out',
  endPort: 'ranges of ports (endPort)',
  sctp: 'ports of SCTP',
  namedPorts: 'ports by name',
  except: 'exceptions of address ranges (except)',
  ipBlockMatchesPods: 'address ranges that match pods',
  deny: 'rules that deny',
  fqdn: 'domain names',
  l7: 'conditions on requests',
  order: 'an order among policies',
  staged: 'policies that are only looked at',
  establishedConnections: 'what happens to running connections that a change closes',
  podStart: 'what a pod may do before its policies are programmed',
} as const;

export type CniColumn = keyof typeof CNI_COLUMNS;
export const COLUMNS = Object.keys(CNI_COLUMNS) as CniColumn[];

/** `yes`: in a kind that this library writes. */
export type Enforced = 'yes' | 'no' | 'unknown';
/** Whether a connection goes on after a change that no longer allows it. */
export type Established = 'kept' | 'cut' | 'unknown';
/** `open`: until its policies are programmed, a pod may do everything. */
export type PodStart = 'closed' | 'open' | 'unknown';

/**
 * What a part that is not taken as stated concerns at most, of its rule: `ports`: the traffic that it names; `protocol`: every port of that
 * protocol; `peers`: all that its peers send or get.
 */
export type LeavesOpen = 'ports' | 'protocol' | 'peers';

/** What a column can hold. */
export type CniValue<C extends CniColumn = CniColumn> =
  C extends 'podStart' ? PodStart : C extends 'establishedConnections' ? Established : Enforced;

export interface CniCell<V = CniValue> {
  readonly value: V;
  /** What holds where an option is switched on, by the option's name. */
  readonly withOption?: Readonly<Record<string, V>>;
  /** The first version of which the value is true; of older ones it is unknown. */
  readonly since?: string;
  /** How it differs from what one may expect. */
  readonly note?: string;
  /** What of a policy may fare otherwise than it says where the value is not `yes`. Absent: all that its document says. */
  readonly leavesOpen?: LeavesOpen;
  /** What would express it here, where that is not what the column's own advice says. */
  readonly instead?: string;
  /** The page or the code that it rests on; of `unknown`, where it was looked for. */
  readonly source: string;
}

export type CniRow = { readonly [C in CniColumn]: CniCell<CniValue<C>> };

/** A CNI as it is installed. */
export interface InstalledCni {
  readonly name: string;
  /** Major and minor; absent: the newest. */
  readonly version?: string;
  readonly options: readonly string[];
}

/** What a cell says of a CNI of this version, with what is switched on. */
export function valueOf<C extends CniColumn>({ name, version, options }: InstalledCni, column: C): CniValue<C> {
  const { value, since, withOption = {} } = CNI_TABLE[name][column] as CniCell<CniValue<C>>;
  if (since !== undefined && version !== undefined && isOlder(version, since)) { return 'unknown' as CniValue<C>; }
  const switched = options.find(option => Object.hasOwn(withOption, option));
  return switched === undefined ? value : withOption[switched];
}

/** What it does with a column that it does not enforce, or is not known to, as a sentence with its source. */
export function doubtOf(installed: InstalledCni, column: CniColumn): string {
  const { note, source } = CNI_TABLE[installed.name][column];
  const verb = valueOf(installed, column) === 'no' ? 'does not enforce' : 'is not known to enforce';
  return `${installed.name} ${verb} ${CNI_COLUMNS[column]}${note === undefined ? '' : ` (${note})`}, see ${source}`;
}

export function isOlder(version: string, than: string): boolean {
  const [major, minor] = version.split('.').map(Number);
  const [otherMajor, otherMinor] = than.split('.').map(Number);
  return major < otherMajor || (major === otherMajor && minor < otherMinor);
}
