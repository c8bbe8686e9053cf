import { Fields } from '../document-reader';
import { RuleContext } from './read-context';
import { hasLimits } from './version';
import { IcmpType, PROTOCOL_NUMBERS } from '../../model/traffic';

interface Icmp {
  readonly type?: number;
  readonly code?: number;
}

const upTo255 = Array.from({ length: 256 }, (_, i) => i);

/** Undefined: every type. */
export function readIcmpTypes(context: RuleContext, rule: Fields, protocol: number | undefined, path: string): IcmpType[] | undefined {
  const [icmp, notIcmp] = [readIcmp(context, rule, 'icmp', path), readIcmp(context, rule, 'notICMP', path)];
  if (!icmp && !notIcmp) { return undefined; }
  checkProtocol(context, rule, protocol, icmp !== undefined, path);
  const wanted = icmp?.type === undefined ? undefined : [{ type: icmp.type, ...(icmp.code === undefined ? {} : { code: icmp.code }) }];
  if (notIcmp?.type === undefined) { return wanted; }
  return (wanted ?? upTo255.map((type): IcmpType => ({ type }))).flatMap(type => without(type, notIcmp.type!, notIcmp.code));
}

function without(wanted: IcmpType, type: number, code: number | undefined): IcmpType[] {
  if (wanted.type !== type) { return [wanted]; }
  if (code === undefined || wanted.code === code) { return []; }
  return wanted.code === undefined ? upTo255.filter(other => other !== code).map(other => ({ type, code: other })) : [wanted];
}

/** ICMP by its number in `protocol` is taken with types since 3.33 only. */
function checkProtocol({ reader, version }: RuleContext, rule: Fields, protocol: number | undefined, positive: boolean, path: string): void {
  const at = `${path}.${positive ? 'icmp' : 'notICMP'}`;
  if (protocol !== PROTOCOL_NUMBERS.ICMP && protocol !== PROTOCOL_NUMBERS.ICMPv6) { throw reader.fail(at, 'needs protocol: ICMP or ICMPv6'); }
  const stated = reader.own(rule, 'protocol');
  const named = stated === 'ICMP' || stated === 'ICMPv6';
  if (positive && !named && !(hasLimits(version) && typeof stated === 'number')) {
    throw reader.fail(at, `needs the protocol by its name here: write protocol: ${protocol === PROTOCOL_NUMBERS.ICMP ? 'ICMP' : 'ICMPv6'}`);
  }
}

function readIcmp({ reader }: RuleContext, rule: Fields, key: 'icmp' | 'notICMP', path: string): Icmp | undefined {
  const value = reader.own(rule, key);
  if (value === undefined) { return undefined; }
  const at = `${path}.${key}`;
  const fields = reader.object(value, at);
  reader.only(fields, at, ['type', 'code']);
  const [type, code] = [reader.own(fields, 'type'), reader.own(fields, 'code')];
  if (type === undefined) {
    if (code !== undefined) { throw reader.fail(`${at}.code`, 'a code needs a type'); }
    return {};
  }
  return { type: reader.integer(type, `${at}.type`, 0, 254), ...(code === undefined ? {} : { code: reader.integer(code, `${at}.code`, 0, 255) }) };
}
