import { clusterOf, ResolvedCluster } from './cluster';
import { CniDetector } from './cni-detector';
import { asEnforced } from './enforced';
import { Engine } from './engine/engine';
import { Problem, SourceDocument } from './input/source-document';
import { SourceDocuments } from './input/source-documents';
import { LearnedNames } from './learned-names';
import { sidecarNotes, withProxies } from './mesh-proxies';
import { withTunnel } from './mesh-tunnel';
import { AnalysisOptions } from './options';
import { canMeet, isSamePod, meetings, Party, Traffic, Variant } from './party';
import { PolicyReader } from './read-policies';
import { tiedPriorities } from './tied-priorities';
import { mayBeGenerated } from './world/generated-labels';
import { identities } from './world/identities';
import { withImplicit } from './world/implicit';
import { World } from './world/world';
import { WorldBuilder } from './world/world-builder';
import { worldNotes } from './world/world-notes';
import { withZtunnel } from './ztunnel';
import type { MeshFacts } from '../cluster/mesh';
import { Answer, trace, Trace } from '../model/evaluate';
import { Flow } from '../model/match';
import { PolicySet } from '../model/policy-set';

/** What the proxies of a mesh enforce, and what of connections between them the CNI sees. */
const inMesh = (set: PolicySet, mesh: MeshFacts | undefined, world: World): PolicySet =>
  withTunnel(withProxies(withZtunnel(set, mesh), mesh, world), mesh, world);

/** Documents, read: what there is, what may talk to what, and why. Everything that answers questions stands on this. */
export class Analysis {
  /** Documents are read one by one, and few of them are kept. */
  public static of(documents: Iterable<SourceDocument>, options: AnalysisOptions = {}): Analysis {
    return new Analysis(documents, options);
  }

  public readonly cluster: ResolvedCluster;
  public readonly world: World;
  /** Linked, with what the CNI does on its own as policies of their own. */
  public readonly set: PolicySet;
  public readonly engine: Engine;
  /** With one of these the analysis is not complete. */
  public readonly problems: readonly Problem[];
  /** What the answers leave out or take for granted, as sentences. */
  public readonly notes: readonly string[];
  /** Objects of kinds that nobody here knows: how many of each kind. */
  public readonly skipped: ReadonlyMap<string, number>;
  private known?: readonly Party[];
  /** Where names are matched by the answers that were seen. */
  private readonly learned?: LearnedNames;

  private constructor(documents: Iterable<SourceDocument>, public readonly options: AnalysisOptions) {
    const detector = new CniDetector();
    const reader = new PolicyReader(options.version);
    const builder = new WorldBuilder();
    for (const document of documents) {
      detector.add(document.value, document.at);
      reader.add(document);
      builder.add(document);
    }
    this.cluster = clusterOf(options.cni ?? detector.cni(), options);
    const { world, problems, notes, skipped } = builder.finish();
    const read = reader.finish(this.cluster);
    this.world = world;
    this.skipped = skipped;
    const enforced = asEnforced(read.set, this.cluster);
    this.set = inMesh(withImplicit(enforced.set, this.cluster, world), this.cluster.mesh, world);
    this.engine = new Engine(this.set, this.cluster.profile);
    if (this.cluster.cni === 'cilium') { this.learned = new LearnedNames(this.set, this.cluster.profile); }
    // What could not be read of files is known when the last object was asked for.
    const unread = documents instanceof SourceDocuments ? documents.problems : [];
    this.problems = [...unread, ...this.cluster.problems, ...read.problems, ...problems,
      ...tiedPriorities(enforced.set, this.cluster, () => this.parties)];
    const leftOut = documents instanceof SourceDocuments ? documents.notes : [];
    this.notes = [...leftOut, ...read.notes, ...enforced.notes, ...notes, ...worldNotes(world, this.cluster),
      ...sidecarNotes(this.set, this.cluster.mesh)];
  }

  /** The workloads, each as an end of a question. */
  public get parties(): readonly Party[] {
    // Nearly no policy asks for what controllers generate, and to look for it takes long.
    return (this.known ??= identities(this.world, this.cluster, this.engine.namesLabel('pod', mayBeGenerated) ? this.set : undefined));
  }

  /** What holds of each way in which the two may meet; `unknown` where these differ. What a pod sends to itself never leaves it. */
  public answer(source: Party, destination: Party, traffic: Traffic): Answer {
    if (isSamePod(source, destination)) { return 'allowed'; }
    let joined: Answer | undefined;
    for (const from of source.variants) {
      for (const to of destination.variants) {
        if (!canMeet(from, to)) { continue; }
        const answer = this.engine.answer(from, this.asSeen(from, to), traffic);
        if (joined !== undefined && joined !== answer) { return 'unknown'; }
        joined = answer;
      }
    }
    return joined ?? 'unknown';
  }

  /** One trace for each way in which the two may meet. */
  public trace(source: Party, destination: Party, traffic: Traffic): readonly Trace[] {
    return this.flows(source, destination, traffic).map(flow => trace(this.set, flow, this.cluster.profile));
  }

  /** All ways in which the two may meet, each end as the policies of the other one see it. */
  public meetings(source: Party, destination: Party): readonly (readonly [Variant, Variant])[] {
    const all = meetings(source, destination);
    return this.learned === undefined ? all : all.map(([from, to]) => [from, this.asSeen(from, to)] as const);
  }

  private asSeen(source: Variant, destination: Variant): Variant {
    return this.learned === undefined ? destination : this.learned.ofDestination(source, destination);
  }

  private flows(source: Party, destination: Party, traffic: Traffic): Flow[] {
    return this.meetings(source, destination).map(([from, to]) => ({ ...traffic, source: from, destination: to }));
  }
}
