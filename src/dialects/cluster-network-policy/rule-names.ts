import { LONGEST_NAME } from './kinds';

/** A rule's name decides nothing. It stands in the origin of the rule, where messages show it and the writer finds it again. */

const NAMED = /^(?:ingress|egress)\[\d+\]: ([^]+)$/;

export const partOf = (place: string, name: string | undefined): string => (name === undefined || name === '' ? place : `${place}: ${name}`);

export function nameIn(part: string | undefined): string | undefined {
  const name = part === undefined ? undefined : NAMED.exec(part)?.[1];
  return name !== undefined && [...name].length <= LONGEST_NAME ? name : undefined;
}
