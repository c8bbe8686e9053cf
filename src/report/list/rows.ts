import { Connection, ConnectionSet, isEmpty } from '../../analysis/connections/connection-set';
import { knownText, NO_CONNECTIONS_TEXT, unknownText } from '../../analysis/connections/connection-text';
import { Exposure, ExposureLine } from '../../analysis/connections/exposure/exposure';
import { compareTexts } from '../../analysis/connections/order';
import { Justified, justificationsText } from '../../model/justification';
import { Direction } from '../../model/policy-set';

/** One line of a list. What passes and what is not known are two lines. */
export interface Row {
  readonly src: string;
  readonly dst: string;
  /** Such as `TCP 80,Some TCP 8080`, or `Unknown TCP 443`. */
  readonly conn: string;
  readonly certainty: Certainty;
  readonly justifications?: readonly Justified[];
}

/** `all`: every request; `some`: not every request; `unknown`: it depends on what is not known. */
export type Certainty = 'all' | 'some' | 'unknown';

/** In the order in which people know them: by the line as it is printed. */
export const listRows = (connections: readonly Connection[]): Row[] => connections
  .flatMap(({ source, destination, set, justifications = [] }) =>
    rowsOf(source, destination, set).map(row => (justifications.length > 0 ? { ...row, justifications } : row)))
  .map(row => ({ row, key: `${row.src} => ${row.dst} : ${row.conn}` }))
  .sort((a, b) => compareTexts(a.key, b.key))
  .map(({ row }) => row);

/** The exposure of one direction; the workload is where it stands in a connection. */
export const exposureRows = ({ lines }: Exposure, direction: Direction): Row[] => lines
  .filter(line => line.direction === direction)
  .flatMap(({ workload, peer, set }: ExposureLine) => {
    const rows = direction === 'egress' ? rowsOf(workload, peer, set) : rowsOf(peer, workload, set);
    return rows.length > 0 || !isEmpty(set) ? rows : [{ ...endsOf(direction, workload, peer), conn: NO_CONNECTIONS_TEXT, certainty: 'all' as const }];
  });

const endsOf = (direction: Direction, workload: string, peer: string) =>
  (direction === 'egress' ? { src: workload, dst: peer } : { src: peer, dst: workload });

function rowsOf(src: string, dst: string, set: ConnectionSet): Row[] {
  const [known, unknown] = [knownText(set), unknownText(set)];
  const certainty: Certainty = Object.keys(set.allowed).length > 0 || set.named || set.others?.some(({ answer }) => answer === 'allowed') ? 'all' : 'some';
  return [
    ...known === undefined ? [] : [{ src, dst, conn: known, certainty }],
    ...unknown === undefined ? [] : [{ src, dst, conn: unknown, certainty: 'unknown' as const }],
  ];
}

/** The last column, which is there where any row has something in it. */
export const whyOf = ({ justifications = [] }: Pick<Row, 'justifications'>): string => justificationsText(justifications);
export const hasWhy = (rows: readonly Pick<Row, 'justifications'>[]): boolean => rows.some(({ justifications }) => justifications !== undefined);
