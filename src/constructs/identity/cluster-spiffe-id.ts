import { ApiObject, Duration, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import { Statements } from '../statements';
import { checkTemplate } from './template-fields';
import { checkDnsName, checkId, checkTrustDomain } from './templates';
import { orderAnnotations } from '../../cluster/git-ops';
import { NAMESPACE_NAME } from '../../model/labels';
import { withoutChartNamespace } from '../cluster-scoped';
import { checkGiven, inConstruct, Json, plain } from '../native-object';
import { nameOf, pathOf } from '../network-policy';
import { anyOf, checkShape, LIST, struct } from '../props';
import { Workload } from '../workload';
import { workloadSelector } from '../workload-selector';

/** Properties of `ClusterSpiffeId`. */
export interface ClusterSpiffeIdProps {
  /** Whose pods get the identity. */
  readonly workload: Workload;
  /**
   * The identity, as a template of Go: `.TrustDomain`, `.ClusterName`, `.ClusterDomain`, `.PodMeta`, `.PodSpec`, `.NodeMeta` and `.NodeSpec`
   * are known. Its trust domain must be that of the SPIRE server.
   * @default "spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}", as Istio and Linkerd have it
   */
  readonly spiffeIdTemplate?: string;
  /**
   * DNS names in the certificate, as templates.
   * @default - none
   */
  readonly dnsNameTemplates?: string[];
  /**
   * What else SPIRE's agent must find true of a process before it gets the identity, as templates of `type:value`, such as `k8s:container-name:main`.
   * @default - that it runs in the pod
   */
  readonly workloadSelectorTemplates?: string[];
  /**
   * How long a certificate is valid at most.
   * @default - as the SPIRE server has it
   */
  readonly ttl?: Duration;
  /**
   * How long a JWT is valid at most.
   * @default - as the SPIRE server has it
   */
  readonly jwtTtl?: Duration;
  /**
   * Other trust domains whose identities the workload can verify.
   * @default - none
   */
  readonly federatesWith?: string[];
  /**
   * Which controller manager acts on the object.
   * @default - one that asks for no class
   */
  readonly className?: string;
  /**
   * A hint for a workload that has several identities.
   * @default - none
   */
  readonly hint?: string;
  /**
   * Whether the names of the Services that the pods stand behind are DNS names in the certificate.
   * @default false
   */
  readonly autoPopulateDnsNames?: boolean;
  /**
   * Whether the identity holds only where no other ClusterSPIFFEID selects the pods.
   * @default false
   */
  readonly fallback?: boolean;
  /**
   * Whether the identity may use the administrative API of SPIRE.
   * @default false
   */
  readonly admin?: boolean;
  /**
   * Whether the workload is a SPIRE server below this one.
   * @default false
   */
  readonly downstream?: boolean;
  /**
   * The name of the object, at most 253 characters.
   * @default - the construct path, as one name
   */
  readonly name?: string;
}

const PROPS = struct<ClusterSpiffeIdProps>(anyOf('workload'), {
  ...anyOf('spiffeIdTemplate', 'ttl', 'jwtTtl', 'className', 'hint', 'autoPopulateDnsNames', 'fallback', 'admin', 'downstream', 'name'),
  dnsNameTemplates: LIST,
  workloadSelectorTemplates: LIST,
  federatesWith: LIST,
});

const AS_MESHES = 'spiffe://{{ .TrustDomain }}/ns/{{ .PodMeta.Namespace }}/sa/{{ .PodSpec.ServiceAccountName }}';

/**
 * SPIRE registers the pods of a workload, so that each can prove a SPIFFE identity: a ClusterSPIFFEID of the SPIRE controller manager.
 *
 * The identity is given to pods that the SPIRE agent of their node attests, not to whoever claims it: a label or an annotation proves nothing.
 * Who may set the labels by which the workload is selected, and create pods in its namespace, decides who gets the identity.
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/main/docs/clusterspiffeid-crd.md
 */
export class ClusterSpiffeId extends ApiObject {
  /** The template of the identity. */
  public readonly spiffeIdTemplate: string;

  /**
   * @throws when a template is not valid, or a trust domain is not
   */
  public constructor(scope: Construct, id: string, props: ClusterSpiffeIdProps) {
    const path = pathOf(scope, id);
    inConstruct(path, () => {
      checkGiven(props);
      checkShape(PROPS, props);
      if (!(props.workload instanceof Workload)) { throw new Error(`workload: must be a Workload, got ${JSON.stringify(props.workload)}`); }
    });
    const { gitOps } = Statements.of(scope).factsFor(scope);
    const annotations = orderAnnotations(gitOps, 'policy');
    const rest = inConstruct(path, () => writeSpec(props));
    const { workload } = props;
    const produce = (): Json => ({
      ...rest,
      namespaceSelector: { matchLabels: { [NAMESPACE_NAME]: workload.namespace } },
      podSelector: inConstruct(path, () => workloadSelector(workload)),
    });
    super(scope, id, {
      apiVersion: 'spire.spiffe.io/v1alpha1',
      kind: 'ClusterSPIFFEID',
      metadata: { name: nameOf(scope, id, props.name), ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
      spec: Lazy.any({ produce }),
    } as never);
    withoutChartNamespace(this);
    this.spiffeIdTemplate = String(rest.spiffeIDTemplate);
  }
}

function writeSpec(props: ClusterSpiffeIdProps): Json {
  const template = props.spiffeIdTemplate ?? AS_MESHES;
  checkId(template);
  props.dnsNameTemplates?.forEach((name, i) => checkDnsName(name, `dnsNameTemplates[${i}]`));
  props.federatesWith?.forEach((domain, i) => checkTrustDomain(domain, `federatesWith[${i}]`));
  return plain({
    className: props.className,
    spiffeIDTemplate: template,
    dnsNameTemplates: props.dnsNameTemplates,
    workloadSelectorTemplates: props.workloadSelectorTemplates?.map(checkSelector),
    ttl: duration(props.ttl, 'ttl'),
    jwtTtl: duration(props.jwtTtl, 'jwtTtl'),
    federatesWith: props.federatesWith,
    hint: props.hint,
    autoPopulateDNSNames: props.autoPopulateDnsNames,
    fallback: props.fallback,
    admin: props.admin,
    downstream: props.downstream,
  });
}

/** As Go reads it. */
function duration(time: Duration | undefined, where: string): string | undefined {
  if (time === undefined) { return undefined; }
  if (typeof time?.toSeconds !== 'function') { throw new Error(`${where}: must be a Duration, such as Duration.hours(1), got ${JSON.stringify(time)}`); }
  const seconds = time.toSeconds();
  if (seconds <= 0) { throw new Error(`${where}: must be longer than nothing; leave it out for the SPIRE server's own`); }
  return `${seconds}s`;
}

function checkSelector(template: string, index: number): string {
  checkTemplate(template, `workloadSelectorTemplates[${index}]`);
  if (!/^[^:\s]+:./s.test(template)) { throw new Error(`workloadSelectorTemplates[${index}]: ${JSON.stringify(template)} must be type:value, such as "k8s:container-name:main"`); }
  return template;
}
