import { createHash } from 'crypto';
import { visible } from './visible';

export interface SarifRule {
  readonly id: string;
  /** One sentence. */
  readonly description: string;
  readonly helpUri?: string;
}

/** Something that was found, and where. */
export interface Finding {
  readonly ruleId: string;
  readonly level: 'error' | 'warning' | 'note';
  readonly message: string;
  /** The first is where it is to be mended. */
  readonly places: readonly Place[];
  /** What makes it the same finding in the next run, wherever the lines have moved to. */
  readonly identity: readonly string[];
}

export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line?: number;
}

/** SARIF 2.1.0, as code scanning of GitHub and others take it. */
export function sarif(tool: { readonly name: string; readonly version: string; readonly uri: string }, rules: readonly SarifRule[],
  findings: readonly Finding[], complete: boolean = true): string {
  const indexOf = new Map(rules.map(({ id }, index) => [id, index]));
  const run = {
    tool: { driver: { name: tool.name, version: tool.version, informationUri: tool.uri, rules: rules.map(ruleObject) } },
    invocations: [{ executionSuccessful: complete }],
    results: findings.map(finding => resultObject(finding, indexOf.get(finding.ruleId))),
    columnKind: 'utf16CodeUnits',
  };
  return `${JSON.stringify({ $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json', version: '2.1.0', runs: [run] }, undefined, 2)}\n`;
}

const ruleObject = ({ id, description, helpUri }: SarifRule) =>
  ({ id, shortDescription: { text: description }, ...(helpUri === undefined ? {} : { helpUri }) });

function resultObject({ ruleId, level, message, places, identity }: Finding, ruleIndex: number | undefined) {
  if (ruleIndex === undefined) { throw new Error(`no rule ${JSON.stringify(ruleId)} is stated for a finding`); }
  const [first, ...others] = places;
  return {
    ruleId,
    ruleIndex,
    level,
    message: { text: visible(message) },
    locations: first === undefined ? [] : [locationObject(first)],
    ...(others.length > 0 ? { relatedLocations: others.map((place, id) => ({ id, ...locationObject(place) })) } : {}),
    partialFingerprints: { primaryLocationLineHash: createHash('sha256').update(JSON.stringify([ruleId, ...identity])).digest('hex').slice(0, 32) },
  };
}

const locationObject = ({ file, line }: Place) => ({
  physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...(line === undefined ? {} : { region: { startLine: line } }) },
});

/** Of a path; relative ones stay so, and are those of the repository. */
function uriOf(file: string): string {
  const parts = file.replace(/\\/g, '/').replace(/^(?:\.\/)+/, '').split('/').map(part => encodeURIComponent(visible(part)));
  const path = parts.join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}
