import { ApiObject, Chart } from 'cdk8s';
import { PodTemplate, readPodTemplate, rendersPods } from './pod-template';
import type { Statements } from './statements';
import { Endpoint } from '../model/evaluate';

const POLICY_GROUPS = ['networking.k8s.io', 'cilium.io', 'projectcalico.org', 'crd.projectcalico.org', 'policy.networking.k8s.io'];

/** The objects of an app that this library did not make, looked at only as far as somebody asks. */
export class AppObjects {
  private objects?: ApiObject[];
  private podEndpoints?: Endpoint[];

  public constructor(private readonly statements: Statements) {}

  private get foreign(): ApiObject[] {
    return (this.objects ??= this.statements.root.node.findAll()
      .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
      .filter(object => !this.statements.isOwn(object)));
  }

  /** Policies of any kind, such as those of `Include`d files. */
  public get foreignPolicies(): ApiObject[] {
    return this.foreign.filter(object => POLICY_GROUPS.includes(object.apiGroup));
  }

  /** The pods of the app, as far as they are known; a namespace that is not stated is unknown. */
  public get pods(): readonly Endpoint[] {
    return (this.podEndpoints ??= this.foreign.filter(object => !POLICY_GROUPS.includes(object.apiGroup)).flatMap(object => {
      const template = templateOf(object);
      return template ? [endpointOf(object, template)] : [];
    }));
  }
}

function templateOf(object: ApiObject): PodTemplate | undefined {
  try {
    return rendersPods(object.toJson()) ? readPodTemplate(object) : undefined;
  } catch {
    // What cannot be rendered yet fails its own synth, with a better message than any here.
    return undefined;
  }
}

function endpointOf(object: ApiObject, template: PodTemplate): Endpoint {
  const namespace = object.metadata.namespace ?? Chart.of(object).namespace;
  return {
    kind: template.hostNetwork ? 'node' : 'pod',
    labels: template.labels,
    serviceAccount: template.serviceAccount,
    ...(namespace === undefined ? {} : { namespace }),
  };
}
