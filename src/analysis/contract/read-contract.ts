import { askedTraffic, AskedTraffic } from './asked-traffic';
import { ContractDocument } from './contract-document';
import { parsePortText } from './port-text';
import { readRequest, REQUEST_FIELDS } from './read-request';
import { readSide } from './read-side';
import { Statement } from './statement';
import { preview } from '../../dialects/preview';
import { dnsLabelProblem } from '../../model/labels';
import { Problem } from '../input/source-document';
import { JsonPath } from '../path-text';

/** A contract, as it is written in a file. */
interface ReadContract {
  readonly statements: readonly Statement[];
  /** With one of these the contract is not what it was meant to be, and must not be judged. */
  readonly problems: readonly Problem[];
}

/** The format that this library reads. */
export const CONTRACT_VERSION = 1;

const READERS: Readonly<Record<string, (document: ContractDocument, value: unknown, path: JsonPath) => Statement | undefined>> = {
  allow: (document, value, path) => readFlow('allow', document, value, path),
  deny: (document, value, path) => readFlow('deny', document, value, path),
  only: readOnly,
  notReachable: readNotReachable,
  isolated: readIsolated,
};

/**
 * The statements of a contract.
 * @param file that messages name
 */
export function readContract(text: string, file: string): ReadContract {
  const document = new ContractDocument(text, file);
  if (document.problems.length > 0) { return { statements: [], problems: document.problems }; }
  const statements: Statement[] = [];
  const fields = document.mapping(document.value, [], ['version', ...Object.keys(READERS)]);
  if (fields) {
    if (fields.version !== CONTRACT_VERSION) {
      const said = fields.version === undefined ? 'is missing' : `is ${preview(fields.version)}, which is not known`;
      document.fail(['version'], `the version of the format ${said}; write "version: ${CONTRACT_VERSION}"`);
    }
    const lists = Object.keys(READERS).filter(name => fields[name] !== undefined);
    if (lists.length === 0 && document.problems.length === 0) { document.fail([], `the contract states nothing; state at least one of ${Object.keys(READERS).join(', ')}`); }
    for (const name of lists) {
      for (const [i, item] of document.list(fields[name], [name], 'statements').entries()) {
        const statement = READERS[name](document, item, [name, i]);
        if (statement) { statements.push(statement); }
      }
    }
  }
  return document.problems.length > 0 ? { statements: [], problems: document.problems } : { statements, problems: [] };
}

function readFlow(says: 'allow' | 'deny', document: ContractDocument, value: unknown, path: JsonPath): Statement | undefined {
  const fields = document.mapping(value, path, ['from', 'to', 'port', ...REQUEST_FIELDS, 'because']);
  const [source, destination] = fields ? ends(document, fields, path) : [];
  const traffic = fields && readTraffic(document, fields, path);
  return source && destination && { says, source, destination, ...(traffic ? { traffic } : {}), ...stated(document, fields!, path) };
}

function readOnly(document: ContractDocument, value: unknown, path: JsonPath): Statement | undefined {
  const fields = document.mapping(value, path, ['from', 'to', 'port', 'because']);
  const [source, destination] = fields ? ends(document, fields, path) : [];
  const traffic = fields && readTraffic(document, fields, path);
  return source && destination && { says: 'only', source, destination, ...(traffic ? { traffic } : {}), ...stated(document, fields!, path) };
}

function readNotReachable(document: ContractDocument, value: unknown, path: JsonPath): Statement | undefined {
  const fields = document.mapping(value, path, ['from', 'to', 'transitive', 'because']);
  const [source, destination] = fields ? ends(document, fields, path) : [];
  const transitive = fields?.transitive ?? false;
  if (typeof transitive !== 'boolean') { return document.fail([...path, 'transitive'], `${preview(transitive)} is neither true nor false`); }
  return source && destination && { says: 'notReachable', source, destination, transitive, ...stated(document, fields!, path) };
}

function readIsolated(document: ContractDocument, value: unknown, path: JsonPath): Statement | undefined {
  const fields = document.mapping(value, path, ['namespace', 'because']);
  if (!fields) { return undefined; }
  const namespace = required(document, fields, path, 'namespace') ? document.text(fields.namespace, [...path, 'namespace']) : undefined;
  const problem = namespace === undefined ? undefined : dnsLabelProblem('namespace', namespace);
  if (problem !== undefined) { return document.fail([...path, 'namespace'], problem); }
  return namespace === undefined ? undefined : { says: 'isolated', namespace, ...stated(document, fields, path) };
}

type Fields = Readonly<Record<string, unknown>>;

const ends = (document: ContractDocument, fields: Fields, path: JsonPath) =>
  (['from', 'to'] as const).map(name => (required(document, fields, path, name) ? readSide(document, fields[name], [...path, name]) : undefined));

function required(document: ContractDocument, fields: Fields, path: JsonPath, name: string): boolean {
  if (fields[name] === undefined) { document.fail(path, `${name} is missing`); }
  return fields[name] !== undefined;
}

function stated(document: ContractDocument, fields: Fields, path: JsonPath): { readonly because?: string; readonly at: string } {
  const because = document.optionalText(fields.because, [...path, 'because']);
  return { ...(because === undefined ? {} : { because }), at: document.at(path) };
}

/** Undefined where no port is stated. */
function readTraffic(document: ContractDocument, fields: Fields, path: JsonPath): AskedTraffic | undefined {
  const request = readRequest(document, fields, path);
  if (fields.port === undefined) {
    const stray = REQUEST_FIELDS.find(name => fields[name] !== undefined);
    return stray === undefined ? undefined : document.fail([...path, stray], 'a request is sent to a port; state it too, such as port: 8080/tcp');
  }
  const place = [...path, 'port'];
  const texts = Array.isArray(fields.port) ? document.list(fields.port, place, 'ports') : [fields.port];
  const ports = texts.map((text, i) => {
    const here = Array.isArray(fields.port) ? [...place, i] : place;
    if (typeof text === 'number') { return document.fail(here, `${text} has no protocol; did you mean ${JSON.stringify(`${text}/tcp`)}?`); }
    const port = document.text(text, here);
    return port === undefined ? undefined : document.attempt(here, () => parsePortText(port));
  });
  if (ports.length === 0 || ports.some(port => port === undefined)) { return undefined; }
  return document.attempt(place, () => askedTraffic(ports.map(port => port!.text).join(', '), ports.map(port => port!.box), request));
}
