import { Question } from './diagnosis';
import { selectorText } from './label-words';
import { selectingLabels } from './selecting-labels';
import { command } from './shell';
import { PROTOCOL_NUMBERS } from '../../../model/traffic';
import { Analysis } from '../../analysis';
import { Known } from '../../find/known';
import { backendsOf } from '../../find/service-backends';
import { Party } from '../../party';

const TOOLBOX = 'busybox:1.36';
const CURL = 'curlimages/curl:8.10.1';
const SECONDS = '3';

/** Commands that try the connection from a pod of the source, or show what became of it. */
export function probesOf(analysis: Analysis, question: Question): string[] {
  const { source } = question;
  const { workload } = source;
  const labels = workload && !workload.hostNetwork ? selectingLabels(analysis, workload) : undefined;
  if (!workload || !labels) { return []; }
  const host = hostOf(analysis, question);
  const probe = host === undefined ? undefined : probeOf(question, host);
  return [
    ...(probe ? [inPod(workload.namespace, selectorText(labels), probe)] : []),
    ...(analysis.cluster.cni === 'cilium' ? [hubble(question)] : []),
  ];
}

/** What is to be run, in which image. */
interface Probe {
  readonly image: string;
  readonly words: readonly string[];
}

/** In a container beside those of the first of the pods, so that it has their identity. */
function inPod(namespace: string, selector: string, { image, words }: Probe): string {
  const pod = command('kubectl', 'get', 'pods', `--namespace=${namespace}`, `--selector=${selector}`, '--field-selector=status.phase=Running', '--output=name');
  const debug = command('kubectl', 'debug', `--namespace=${namespace}`, '--stdin', '--tty', `--image=${image}`);
  return `${debug} "$(${pod} | head -n 1)" -- ${command(...words)}`;
}

function probeOf({ traffic: { protocol, port, http, dnsName, serverName } }: Question, { host, port: asked }: Host): Probe | undefined {
  if (protocol === PROTOCOL_NUMBERS.ICMP || protocol === PROTOCOL_NUMBERS.ICMPv6) { return { image: TOOLBOX, words: ['ping', '-c', '1', '-W', SECONDS, host] }; }
  if (dnsName !== undefined) { return { image: TOOLBOX, words: ['nslookup', dnsName, host] }; }
  const number = asked ?? port;
  if (number === undefined) { return undefined; }
  const url = (scheme: string, path: string) => `${scheme}://${host.includes(':') ? `[${host}]` : host}:${number}${path.startsWith('/') ? path : `/${path}`}`;
  if (http) {
    const headers = [...Object.entries(http.headers ?? {}), ...(http.host === undefined ? [] : [['Host', http.host]])].map(([name, value]) => `${name}: ${value}`);
    const method = http.method === undefined || http.method === 'GET' ? [] : ['--request', http.method];
    return { image: CURL, words: ['curl', '--silent', '--show-error', '--include', '--max-time', SECONDS, ...method, ...headers.flatMap(header => ['--header', header]), url('http', http.path ?? '/')] };
  }
  if (serverName !== undefined) { return { image: CURL, words: ['curl', '--insecure', '--verbose', '--max-time', SECONDS, '--connect-to', `${serverName}:${number}:${host}:${number}`, `https://${serverName}:${number}/`] }; }
  switch (protocol) {
    case PROTOCOL_NUMBERS.TCP: return { image: TOOLBOX, words: ['nc', '-z', '-v', '-w', SECONDS, host, String(number)] };
    // Without an answer nothing can be told: names are asked for instead.
    case PROTOCOL_NUMBERS.UDP: return port === 53 ? { image: TOOLBOX, words: ['nslookup', 'kubernetes.default.svc.cluster.local', host] } : undefined;
    default: return undefined;
  }
}

interface Host {
  readonly host: string;
  /** Where it is not that of the pods. */
  readonly port?: number;
}

/** A Service that leads there, else an address or a name; undefined where there is none that could be called. */
function hostOf(analysis: Analysis, { destination, found, traffic }: Question): Host | undefined {
  const { workload, variants } = destination;
  const [{ names = [] }] = variants;
  const safe = (host: string | undefined): Host | undefined => (host === undefined || host.startsWith('-') ? undefined : { host });
  if (!workload) { return safe(names[0] ?? variants.find(({ address }) => address !== undefined)?.address); }
  const known = Known.of(analysis);
  for (const service of found?.service ? [found.service] : known.servicesIn(workload.namespace)) {
    const mapping = backendsOf(service, service.ports, known)
      .find(({ party, target, protocol }) => party === destination && target === traffic.port && PROTOCOL_NUMBERS[protocol] === traffic.protocol);
    if (mapping && !service.name.startsWith('-')) { return { host: `${service.name}.${service.namespace}.svc`, port: service.headless ? mapping.target : mapping.port }; }
  }
  return safe(workload.addresses[0]);
}

/** What became of the last of such connections. */
function hubble({ source, destination, traffic: { port } }: Question): string {
  const to = destination.workload ? [`--to-pod=${podsOf(destination)}`] : toOutside(destination);
  return command('hubble', 'observe', '--last=20', `--from-pod=${podsOf(source)}`, ...to, ...(port === undefined ? [] : [`--port=${port}`]));
}

const podsOf = ({ workload }: Party): string => `${workload!.namespace}/${workload!.name}`;

function toOutside({ variants: [{ names = [], address }] }: Party): string[] {
  if (names.length > 0) { return [`--to-fqdn=${names[0]}`]; }
  return address === undefined ? [] : [`--to-ip=${address}`];
}
