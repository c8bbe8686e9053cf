import { Documents } from './app-documents';
import { ConnectivityOptions } from './connectivity-options';
import { Analysis } from '../analysis/analysis';
import { Problem } from '../analysis/input/source-document';
import { AnalysisOptions } from '../analysis/options';
import { Cluster, ClusterFacts, ResolvedFacts } from '../cluster/cluster';
import { Cni } from '../cluster/cni';

/** Documents of a cluster, and what they mean there: worked out when somebody asks. */
export class Source {
  /** For an app: its facts, where nothing else is stated. */
  public static ofApp(input: Documents, facts: ResolvedFacts, options: ConnectivityOptions): Source {
    const { cni, dialect, dns, cloud, ingressController, mesh, monitoring, podCidrs, nodeCidrs, serviceCidrs, apiServerCidrs } = facts;
    const own: ClusterFacts = { cni, dns, cloud, ingressController, mesh, monitoring, podCidrs, nodeCidrs, serviceCidrs, apiServerCidrs };
    return new Source(input, { ...own, ...(options.cni ? {} : { dialect }), ...stated(options) });
  }

  /** For manifests: the CNI follows from the kinds of the policies, where none is stated. */
  public static ofManifests(input: Documents, options: ConnectivityOptions): Source {
    return new Source(input, stated(options));
  }

  private opened?: Analysis;
  private closed?: Analysis;
  private resolved?: ResolvedFacts;

  private constructor(private readonly input: Documents, private readonly stated: ClusterFacts) {}

  /** In which nothing is guessed. */
  public get open(): Analysis {
    return (this.opened ??= Analysis.of(this.input.documents, this.options(false)));
  }

  /** In which there is nothing but what the documents hold. */
  public get listed(): Analysis {
    return (this.closed ??= Analysis.of(this.input.documents, this.options(true)));
  }

  /** What could not be read: nothing can be asserted where there is something. */
  public get problems(): readonly Problem[] {
    return [...this.input.problems, ...this.open.problems];
  }

  public get notes(): readonly string[] {
    return [...this.input.notes ?? [], ...this.open.notes];
  }

  public get facts(): ResolvedFacts {
    return (this.resolved ??= Cluster._resolve({ ...this.stated, cni: this.stated.cni ?? Cni.parse(this.open.cluster.cni) }));
  }

  private options(closed: boolean): AnalysisOptions {
    const { cni, mesh, ingressController, podCidrs, nodeCidrs, serviceCidrs, apiServerCidrs } = this.stated;
    return {
      closed,
      ...(cni ? { cni: cni.name, features: Object.fromEntries(cni.options.map(option => [option, true])) } : {}),
      ...(cni?.version === undefined ? {} : { version: cni.version }),
      ...(podCidrs ? { podCidrs } : {}),
      ...(nodeCidrs ? { nodeCidrs } : {}),
      ...(serviceCidrs ? { serviceCidrs } : {}),
      ...(apiServerCidrs ? { apiServerCidrs } : {}),
      ...(ingressController ? { ingressController } : {}),
      ...(mesh?._facts ? { mesh: mesh._facts } : {}),
    };
  }
}

const stated = (options: ConnectivityOptions): ClusterFacts => Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
