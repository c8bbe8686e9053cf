import { changeOf } from './change';
import { ConnectionSet, OtherTraffic, PORT_PROTOCOLS, Ports } from './connection-set';
import { rangeText } from '../../model/traffic';

/**
 * How a set of connections is written. `TCP 80,443,UDP 53`: a comma separates ports, and one before a capital letter protocols.
 * `Some TCP 8080`: not every request on the port passes. `Unknown TCP 9090`: it depends on what is not known; it stands in a line of its own.
 */

export const NO_CONNECTIONS_TEXT = 'No Connections';
const ALL = 'All Connections';

/** What passes, at least some requests of it; undefined where nothing surely does. */
export function knownText({ allowed, partial, named, others }: ConnectionSet): string | undefined {
  if (isFull(allowed)) { return ALL; }
  const parts = [...portTexts(allowed, named), ...portTexts(partial).map(text => `Some ${text}`), ...otherTexts(others, ['allowed', 'partial'])];
  return parts.length === 0 ? undefined : parts.join();
}

/** Undefined where nothing is unknown. */
export function unknownText({ unknown, others }: ConnectionSet): string | undefined {
  if (isFull(unknown)) { return `Unknown ${ALL}`; }
  const parts = [...portTexts(unknown).map(text => `Unknown ${text}`), ...otherTexts(others, ['unknown'])];
  return parts.length === 0 ? undefined : parts.join();
}

/** One text for each line: what passes, and what is not known. */
export const connectionTexts = (set: ConnectionSet): string[] => [knownText(set), unknownText(set)].filter(text => text !== undefined);

/** All of it in one text. */
export const connectionText = (set: ConnectionSet): string => connectionTexts(set).join() || NO_CONNECTIONS_TEXT;

/** Two states that differ, so that it shows: with what no policy mentions where nothing else does, and whether requests on a port are others. */
export function changeTexts(before: ConnectionSet, after: ConnectionSet): readonly [string, string] {
  let [was, is] = [connectionText(before), connectionText(after)];
  if (was === is) { [was, is] = [withAllOthers(before, was), withAllOthers(after, is)]; }
  return [was, changeOf(before, after).requests ? `${is} (other requests)` : is];
}

/** Nothing of it stands in the text where all ports pass, or where no policy mentions it. */
function withAllOthers(set: ConnectionSet, text: string): string {
  const all = otherTexts(set.others?.map(({ isImplied: _, ...other }) => other), ['allowed', 'partial', 'unknown']).filter(part => !text.split(',').includes(part));
  return all.length === 0 ? text : [...(text === NO_CONNECTIONS_TEXT ? [] : [text]), ...all].join();
}

const PREFIXES: Readonly<Record<OtherTraffic['answer'], string>> = { allowed: '', partial: 'Some ', unknown: 'Unknown ', denied: 'No ' };

const otherTexts = (others: readonly OtherTraffic[] = [], answers: readonly OtherTraffic['answer'][]): string[] =>
  others.filter(({ answer, isImplied }) => !isImplied && answers.includes(answer)).map(({ text, answer }) => `${PREFIXES[answer]}${text}`);

const portTexts = (ports: Ports, named: ConnectionSet['named'] = {}): string[] => PORT_PROTOCOLS.flatMap(protocol => {
  const all = [...(ports[protocol] ?? []).map(rangeText), ...named[protocol] ?? []];
  return all.length === 0 ? [] : [`${protocol} ${all.join()}`];
});

const isFull = (ports: Ports): boolean => PORT_PROTOCOLS.every(protocol => {
  const ranges = ports[protocol];
  return ranges?.length === 1 && ranges[0][0] === 1 && ranges[0][1] === 65535;
});
