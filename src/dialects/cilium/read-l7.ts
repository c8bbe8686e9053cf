import { Direction } from '../../model/policy-set';
import { L7 } from '../../model/traffic';
import { Fields } from '../document-reader';
import { readName } from './names';
import { readHttp } from './read-http';
import { Reading } from './reading';

/** Where layer 7 rules stand, which decides what they may be. */
export interface L7Place {
  readonly direction: Direction;
  /** Whether the policy is about nodes. */
  readonly nodes: boolean;
}

/** Families that ended with 1.19. */
const ENDED = ['kafka', 'l7proto', 'l7'];
const ENDED_SINCE = '1.20';

/** `rules` of an entry of toPorts. A list without a rule is as if it were absent. Where no policy isolates the
 * endpoint, the agent lets every other request through, as everything else; where one does, these rules restrict, whichever policy they are in.
 */
export function readRules(reading: Reading, raw: unknown, path: string, place: L7Place): L7 | undefined {
  const fields = reading.object(raw, path, ['http', 'dns', ...ENDED]);
  const given = ['http', 'dns', ...ENDED].filter(key => reading.own(fields, key) !== undefined);
  const ended = given.find(key => ENDED.includes(key));
  if (ended !== undefined && !reading.before(ENDED_SINCE)) {
    throw reading.refused(`${path}.${ended}`, `Cilium 1.20 has no ${ended} rules: the field is dropped, and the empty rules that are left are refused; allow the port without layer 7 rules`);
  }
  const families = given.filter(key => key !== 'l7');
  if (ended === 'l7' && !families.includes('l7proto')) { throw reading.refused(`${path}.l7`, 'l7 is for l7proto only'); }
  if (families.length !== 1) { throw reading.refused(path, `exactly one of http and dns is needed${families.length === 0 ? '; for every request on the ports leave rules out' : ', in an entry of toPorts for each'}`); }
  const [family] = families;
  if (family !== 'l7proto' && reading.reader.list(reading.own(fields, family), `${path}.${family}`).length === 0) { return undefined; }
  checkPlace(reading, family, `${path}.${family}`, place);
  return readFamily(reading, family, fields, path);
}

function checkPlace(reading: Reading, family: string, path: string, { direction, nodes }: L7Place): void {
  if (family === 'dns' && direction === 'ingress') { throw reading.notEnforced(path, 'DNS rules are for egress only'); }
  if (nodes && (family !== 'dns')) { throw reading.notEnforced(path, `policies of nodes have no ${family} rules`); }
}

function readFamily(reading: Reading, family: string, fields: Fields, path: string): L7 {
  const at = `${path}.${family}`;
  if (family === 'l7proto') { return { opaque: family, value: readGeneric(reading, fields, path) }; }
  const items = reading.reader.list(reading.own(fields, family), at);
  switch (family) {
    case 'http': return { http: items.map((item, i) => readHttp(reading, item, `${at}[${i}]`)) };
    case 'dns': return { dns: items.map((item, i) => readName(reading, item, `${at}[${i}]`)) };
    default: return { opaque: family, value: items.map((item, i) => readKafka(reading, item, `${at}[${i}]`)) };
  }
}

function readKafka(reading: Reading, raw: unknown, path: string): Record<string, unknown> {
  const fields = reading.object(raw, path, ['role', 'apiKey', 'apiVersion', 'clientID', 'topic']);
  const texts = Object.keys(fields).flatMap(key => {
    const text = reading.text(fields, key, path);
    return text === undefined ? [] : [[key, text] as const];
  });
  const given = Object.fromEntries(texts);
  if (given.role && given.apiKey) { throw reading.notEnforced(path, 'role and apiKey may not stand together'); }
  if (given.role && !['produce', 'consume'].includes(given.role)) { throw reading.refused(`${path}.role`, 'must be produce or consume'); }
  return given;
}

function readGeneric(reading: Reading, fields: Fields, path: string): unknown {
  const rules = reading.list(fields, 'l7', path);
  return {
    l7proto: reading.text(fields, 'l7proto', path),
    ...(rules === undefined ? {} : {
      l7: rules.map((raw, i) => Object.fromEntries(Object.entries(reading.reader.object(raw, `${path}.l7[${i}]`))
        .map(([key, value]) => [key, reading.reader.string(value, `${path}.l7[${i}].${key}`)]))),
    }),
  };
}
