import { Construct } from 'constructs';
import { appErrors } from './app-documents';
import { appSource } from './app-source';
import { ConnectivityContractProps } from './connectivity-contract-props';
import { contractStatements, StatedStatement } from './contract-statements';
import { Source } from './source';
import { incompleteText, violationsText } from './violation-message';
import { judge } from '../analysis/contract/judge';
import { podStartProblem } from '../constructs/check-cni';
import { Statements } from '../constructs/statements';

/**
 * What must be true of who may talk to whom in the whole app. Where it is not, the synth fails and says by which rule of which policy; where
 * that is not known, it fails and says what is missing.
 *
 * It looks at what is rendered: at policies of this library, of others, and of included files alike. It writes nothing.
 *
 * On a CNI on which a pod that has just started is open until its policies are programmed, or is not known to be closed, nothing can be promised to be
 * denied: the synth fails unless `Risk.POD_START` is an accepted risk of the cluster.
 */
export class ConnectivityContract extends Construct {
  /**
   * @throws when nothing is stated, or a part is not valid
   */
  public constructor(scope: Construct, id: string, props: ConnectivityContractProps) {
    super(scope, id);
    const stated = contractStatements(props);
    if (stated.length === 0) { throw new Error(`${this.node.path} states nothing; state at least one of allow, deny, only, notReachable and isolated`); }
    const statements = Statements.of(this);
    // Every synth validates many times.
    this.node.addValidation({ validate: () => [...statements.once(this, () => this.violations(stated, statements))] });
  }

  private violations(stated: readonly StatedStatement[], statements: Statements): string[] {
    // They are reported where they are found, and nothing can be said before they are mended.
    if (appErrors(this).length > 0) { return []; }
    const open = this.openAtStart(stated, statements);
    if (open !== undefined) { return [open]; }
    let source: Source;
    try {
      source = statements.once(appSource, () => appSource(this));
    } catch (error) {
      return [(error as Error).message];
    }
    const incomplete = incompleteText(source.problems);
    return incomplete === undefined ? stated.flatMap(statement => this.judged(statement, source)) : [incomplete];
  }

  /** What is denied holds from the first moment of a pod, or somebody has accepted that it does not. */
  private openAtStart(stated: readonly StatedStatement[], statements: Statements): string | undefined {
    const denying = stated.filter(({ denies }) => denies).map(({ place }) => place);
    return denying.length === 0 ? undefined : podStartProblem(denying.join(', '), statements.factsFor(this));
  }

  private judged({ place, make }: StatedStatement, source: Source): string[] {
    try {
      const violations = judge(source.open, { ...make(source.facts), at: place });
      return violations.length === 0 ? [] : [violationsText(violations)];
    } catch (error) {
      return [`${place}: ${(error as Error).message}`];
    }
  }
}
