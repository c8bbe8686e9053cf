import { matchesPattern, quotePattern } from './http';

/** Fully qualified domain names and their wildcards: `*` is part of one label, a leading `**.` one label or more, a lone `*` every name. */

const NAME_LABEL = /^[a-z0-9_]([-a-z0-9_]*[a-z0-9_])?$/i;
const PATTERN_LABEL = /^[-a-z0-9_*]+$/i;

export const isWildcard = (name: string): boolean => name.includes('*');

/** What is wrong with a name or a wildcard, or nothing. */
export function fqdnProblem(name: string): string | undefined {
  const said = JSON.stringify(name);
  if (name.length === 0 || name.length > 255) { return `FQDN ${said} must have 1 to 255 characters`; }
  if (/^[a-z]+:\/\//i.test(name) || name.includes('/')) { return `FQDN ${said} is a URL; give only the host, such as "api.example.com"`; }
  if (name === '*') { return 'FQDN "*" is every name; say Peer.internet() for any destination outside'; }
  const labels = name.replace(/\.$/, '').split('.');
  if (labels.length < 2) { return `FQDN ${said} has no domain: use at least two labels, such as "api.example.com"`; }
  if (labels.every(label => /^\d+$/.test(label))) { return `FQDN ${said} is an address; say Peer.cidr(${JSON.stringify(`${name}/32`)})`; }
  for (const [i, label] of labels.entries()) {
    if (label.length > 63) { return `FQDN ${said} has a label of ${label.length} characters; at most 63 are allowed`; }
    if (label === '**' && i === 0) { continue; }
    if (label.includes('**')) { return `FQDN ${said} is not a wildcard: "**" may only be the first label`; }
    if (!(isWildcard(label) ? PATTERN_LABEL : NAME_LABEL).test(label)) {
      return `FQDN ${said} is invalid: label ${JSON.stringify(label)} may have letters, digits, "-", "_" and, in a wildcard, "*"`;
    }
  }
  return isWildcard(labels[labels.length - 1])
    ? `FQDN ${said} leaves the domain open; a wildcard needs a fixed last label`
    : undefined;
}

/** Case-insensitive; a trailing dot changes nothing. In linear time: patterns come from documents of others. */
export function fqdnMatches(pattern: string, name: string): boolean {
  if (pattern === '*') { return true; }
  if (!isWildcard(pattern)) { return trim(pattern) === trim(name); }
  const parts = trim(pattern).split('.').map(label => label.split('*').map(quotePattern).join('[-a-z0-9_]*'));
  const source = pattern.startsWith('**.') ? `([-a-z0-9_]+\\.)+${parts.slice(1).join('\\.')}` : parts.join('\\.');
  return matchesPattern(source, trim(name));
}

const trim = (name: string): string => name.toLowerCase().replace(/\.$/, '');
