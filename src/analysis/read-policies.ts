import { ResolvedCluster } from './cluster';
import { refuseDamage, refuseDamagedTexts } from './input/damage';
import { problemOf } from './input/problem-of';
import { Problem, SourceDocument } from './input/source-document';
import { linkPolicies } from './link-policies';
import { RepeatedNames } from './repeated';
import { withUnevaluated } from './unevaluated-layer';
import { UnreadableDocument } from '../dialects/document-reader';
import { Read, readAny } from '../dialects/link';
import { Origin, Policy, PolicySet } from '../model/policy-set';

export interface ReadPolicies {
  readonly set: PolicySet;
  readonly problems: readonly Problem[];
  readonly notes: readonly string[];
}

/** Policies out of documents that come one by one. Of the documents only those are kept that policies are linked with. */
export class PolicyReader {
  private readonly policies: Policy[] = [];
  private readonly support: SourceDocument[] = [];
  private readonly problems: Problem[] = [];
  private readonly notes: string[] = [];
  /** Of documents that may close something, and are not evaluated. */
  private readonly closing: Origin[] = [];
  private readonly names = new RepeatedNames();

  /** @param version of the CNI, where it is stated */
  public constructor(private readonly version: string | undefined) {}

  /** What is wrong with the document is a problem of the analysis. */
  public add(document: SourceDocument): void {
    const { value, at } = document;
    try {
      refuseDamage(value, at);
      const read = this.read(document);
      if (!read) { return; }
      if ('unevaluated' in read) {
        this.addUnevaluated(read, at);
      } else if ('policies' in read) {
        this.names.addPolicies(value, at, read.policies);
        for (const policy of read.policies) { this.policies.push(policy); }
      } else if ('support' in read) {
        this.names.addSupport(value, at);
        this.support.push(document);
      }
    } catch (error) {
      if (!(error instanceof UnreadableDocument)) { throw error; }
      this.problems.push(problemOf(error, at));
    }
  }

  /** Where texts were damaged, that is why they are refused. */
  private read({ value, at }: SourceDocument): Read | undefined {
    try {
      return readAny(value, at, this.version);
    } catch (error) {
      if (error instanceof UnreadableDocument) { refuseDamagedTexts(value, at); }
      throw error;
    }
  }

  /** What can open too makes every answer doubtful. */
  private addUnevaluated({ unevaluated: sentence, effect, origin }: Extract<Read, { readonly unevaluated: string }>, at: string): void {
    if (effect === 'stricter or looser') {
      this.problems.push({ at, message: sentence.slice(`${at}: `.length) });
      return;
    }
    this.notes.push(sentence);
    if (effect === 'stricter') { this.closing.push(origin); }
  }

  public finish(cluster: ResolvedCluster): ReadPolicies {
    const { set, problems } = linkPolicies(this.policies, this.support, cluster);
    return { set: withUnevaluated(set, this.closing), problems: [...this.problems, ...problems], notes: this.notes };
  }
}
