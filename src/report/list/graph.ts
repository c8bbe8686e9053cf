import { ListReport } from './list-report';
import { Certainty, exposureRows, listRows, Row } from './rows';

/** Who talks to whom, for pictures. */
interface Graph {
  /** Those of a namespace together; of what is in none, the namespace is absent. */
  readonly groups: readonly GraphGroup[];
  readonly edges: readonly GraphEdge[];
}

interface GraphGroup {
  readonly namespace?: string;
  readonly nodes: readonly GraphNode[];
}

export interface GraphNode {
  /** Its number among all. */
  readonly id: number;
  readonly text: string;
  /** Without the namespace. */
  readonly label: string;
  readonly isWorkload: boolean;
}

interface GraphEdge {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly certainty: Certainty;
}

const WORKLOAD = /^([^/[\]]+)\/(.+\[[^\][]+\])$/;

export function graphOf({ connections, exposure }: ListReport): Graph {
  const rows: Row[] = [...listRows(connections), ...exposure ? peersOnly([...exposureRows(exposure, 'egress'), ...exposureRows(exposure, 'ingress')]) : []];
  const byNamespace = new Map<string | undefined, GraphNode[]>();
  const ids = new Map<string, number>();
  for (const text of new Set(rows.flatMap(({ src, dst }) => [src, dst]))) {
    const parts = isPeer(text) ? undefined : WORKLOAD.exec(text);
    const node: GraphNode = { id: ids.size, text, label: parts ? parts[2] : text, isWorkload: parts !== null && parts !== undefined };
    ids.set(text, node.id);
    const group = byNamespace.get(parts?.[1]);
    if (group) { group.push(node); } else { byNamespace.set(parts?.[1], [node]); }
  }
  return {
    groups: [...byNamespace].map(([namespace, nodes]) => ({ ...(namespace === undefined ? {} : { namespace }), nodes })),
    edges: rows.map(({ src, dst, conn, certainty }) => ({ from: ids.get(src)!, to: ids.get(dst)!, label: conn, certainty })),
  };
}

/** What is outside stands in the list already. */
const peersOnly = (rows: readonly Row[]): Row[] => rows.filter(({ src, dst }) => isPeer(src) || isPeer(dst));

const isPeer = (text: string): boolean => text === 'entire-cluster' || /\[(all|pod with|namespace|entity|node with|host endpoint)\b/.test(text);
