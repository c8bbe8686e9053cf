import { HeaderMatch, HttpMatch, HttpRequest, TextMatch } from '../../model/http';

/** A request, such as `GET /api host shop.example.com`. */
export function requestText({ method, path, host, headers }: HttpRequest): string {
  const parts = [
    ...(method !== undefined ? [method] : path === undefined ? ['a request'] : []),
    ...(path === undefined ? [] : [path]),
    ...(host === undefined ? [] : [`host ${host}`]),
    ...Object.entries(headers ?? {}).map(([name, value]) => `header ${name}: ${value}`),
  ];
  return parts.join(' ');
}

const MOST = 4;

/** Conditions on requests, such as `GET|HEAD /api* or POST ~/orders/[0-9]+`, where `~` is before a pattern. */
export function requestsText(matches: readonly HttpMatch[]): string {
  if (matches.length === 0) { return 'no request'; }
  const texts = matches.slice(0, MOST).map(matchText);
  return matches.length <= MOST ? texts.join(' or ') : `${texts.join(' or ')} and ${matches.length - MOST} more`;
}

function matchText({ methods, notMethods, paths, notPaths, hosts, notHosts, headers, conditions }: HttpMatch): string {
  const parts = [
    ...(methods ? [alternatives(methods)] : []),
    ...(notMethods ? [`any method but ${alternatives(notMethods)}`] : []),
    ...(paths ? [alternatives(paths)] : []),
    ...(notPaths ? [`any path but ${alternatives(notPaths)}`] : []),
    ...(hosts ? [`host ${alternatives(hosts)}`] : []),
    ...(notHosts ? [`any host but ${alternatives(notHosts)}`] : []),
    ...(headers ?? []).map(headerText),
    ...(conditions ?? []).map(({ key }) => `with ${key}`),
  ];
  return parts.length === 0 ? 'every HTTP request' : parts.join(' ');
}

function headerText({ name, values, notValues, secret }: HeaderMatch): string {
  if (secret) { return `header ${name} as the secret ${secret.name}`; }
  return [`header ${name}`, ...(values ? [alternatives(values)] : []), ...(notValues ? [`not ${alternatives(notValues)}`] : [])].join(' ');
}

const alternatives = (texts: readonly TextMatch[]): string => texts.map(textMatch).join('|');

/** A pattern of nothing but itself. */
const PLAIN = /^[\w/%:@-]*$/;

function textMatch(match: TextMatch): string {
  if ('exact' in match) { return match.exact; }
  if ('prefix' in match) { return `${match.prefix}*`; }
  if ('suffix' in match) { return `*${match.suffix}`; }
  if ('present' in match) { return 'any'; }
  return PLAIN.test(match.pattern) ? match.pattern : `~${match.pattern}`;
}
