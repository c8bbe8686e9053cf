import { CNI_COLUMNS, CniCell, CniColumn, COLUMNS } from '../src/cluster/cni-capabilities';
import { CNI_TABLE } from '../src/cluster/cni-table';
import { KUBERNETES_FEATURES, KubernetesFeature } from '../src/cluster/kubernetes-version';

/** The tables of docs/cni-notes.md, of which each cell is a link to what it rests on. */

/** What a CNI does with policies that every CNI is given, and with those of some. */
export const OF_NETWORK_POLICY: readonly CniColumn[] = ['ingress', 'egress', 'endPort', 'sctp', 'namedPorts', 'except', 'ipBlockMatchesPods'];
export const BEYOND: readonly CniColumn[] = ['deny', 'fqdn', 'l7', 'order', 'staged'];
export const IN_TIME: readonly CniColumn[] = ['establishedConnections', 'podStart'];

const cellOf = (name: string, column: CniColumn): CniCell => CNI_TABLE[name][column];

/** The value as a link; a star where there is more to say. */
function linked({ value, note, since, withOption, source }: CniCell): string {
  return `[${value}](${source})${note !== undefined || since !== undefined || withOption !== undefined ? ' \\*' : ''}`;
}

export const cniHead = (columns: readonly CniColumn[]): string[] => ['CNI', ...columns.map(column => `\`${column}\``)];

export const cniRows = (columns: readonly CniColumn[]): string[][] =>
  Object.keys(CNI_TABLE).map(name => [`\`${name}\``, ...columns.map(column => linked(cellOf(name, column)))]);

/** What the stars stand for. */
export const noteRows = (): string[][] => Object.keys(CNI_TABLE).flatMap(name => COLUMNS.flatMap(column => {
  const text = noteText(cellOf(name, column));
  return text === '' ? [] : [[`\`${name}\``, `\`${column}\``, text]];
}));

function noteText({ value, note, since, withOption = {}, instead }: CniCell): string {
  return [
    ...(note === undefined ? [] : [note]),
    ...Object.entries(withOption).map(([option, other]) => `${other} with \`+${option}\``),
    ...(since === undefined ? [] : [`${value} since ${since}, unknown before`]),
    ...(instead === undefined ? [] : [instead]),
  ].join('; ');
}

export const columnRows = (): string[][] => COLUMNS.map(column => [`\`${column}\``, CNI_COLUMNS[column]]);

export const kubernetesRows = (): string[][] =>
  Object.values<KubernetesFeature>(KUBERNETES_FEATURES).map(({ name, since, note, source }) => [since, name, note ?? '', `<${source}>`]);
