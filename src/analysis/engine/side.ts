import { Asked } from './asked';
import { CompiledEndpoint } from './compiled-endpoint';
import { CompiledRule } from './compiled-policy';
import { NO_ROWS, RuleRows } from './rule-rows';
import { FEW, saysSomething, Selecting, StageContent, stageOf, StageRules } from './stage-rules';
import { Words } from './words';
import { Answer, allAllow } from '../../model/evaluate';
import { ALLOW, answerOf, DENY, FACTS, NEXT } from '../../model/outcome';
import { Layer, Pipeline, Stage } from '../../model/policy-set';

/* eslint-disable no-bitwise -- possible outcomes are bits */

/** One direction of all endpoints that the same policies select. */
export interface Side {
  /** Where its rules are as rows; `NO_ROWS` where they are not. */
  readonly rowsAt: number;
  /** Of all stages. */
  readonly rules: readonly CompiledRule[];
  /** Where no rule matches. */
  readonly defaultAnswer: Answer;
  answer(asked: Asked, own: CompiledEndpoint, peer: CompiledEndpoint): Answer;
  /** The rules whose ends match, or may. */
  rulesBetween(own: CompiledEndpoint, peer: CompiledEndpoint): readonly CompiledRule[];
}

/** @param policies in the order in which they are asked */
export function sideOf(pipeline: Pipeline, policies: readonly Selecting[], words: Words, rows: RuleRows): Side {
  const alone = onlyStage(pipeline, policies);
  if (alone !== undefined) { return new OneStage(alone, outcomeWithout(pipeline[0]), words, rows); }
  const layers = pipeline.map(layer => ({ stages: stagesOf(layer.stages, policies), otherwise: outcomeWithout(layer) }));
  const [{ stages: [first, ...more], otherwise }] = layers;
  return layers.length === 1 && first && more.length === 0
    ? new OneStage(first, otherwise, words, rows)
    : new Layers(layers.map(layer => ({ ...layer, stages: layer.stages.map(stage => new StageRules(stage, words)) })));
}

const outcomeWithout = ({ otherwise }: Layer): number => (otherwise === 'allow' ? ALLOW : DENY);

/** Of nearly all endpoints the policies are of one stage of the one layer. */
function onlyStage(pipeline: Pipeline, policies: readonly Selecting[]): StageContent | undefined {
  if (pipeline.length > 1 || policies.length === 0) { return undefined; }
  const [{ policy: { stage: id } }] = policies;
  if (policies.some(({ policy }) => policy.stage !== id)) { return undefined; }
  const stage = pipeline[0].stages.find(each => each.id === id);
  const content = stage && stageOf(stage.combine, policies);
  return content && saysSomething(content) ? content : undefined;
}

/** Without those that can say nothing. */
function stagesOf(stages: readonly Stage[], policies: readonly Selecting[]): StageContent[] {
  const found: StageContent[] = [];
  for (const { id, combine } of stages) {
    const own = policies.filter(({ policy }) => policy.stage === id);
    if (own.length > 0) { found.push(stageOf(combine, own)); }
  }
  return found.filter(saysSomething);
}

/** Most endpoints have policies in one stage only, and what is asked of them is asked most: everything is in one object. */
class OneStage extends StageRules implements Side {
  public readonly rowsAt: number;

  public constructor(stage: StageContent, private readonly otherwise: number, words: Words, rows: RuleRows) {
    super(stage, words);
    const { rules, selected, byDefault } = stage;
    this.rowsAt = rules.length <= FEW && selected === undefined ? rows.add(rules, byDefault, otherwise) : NO_ROWS;
  }

  public answer(asked: Asked, own: CompiledEndpoint, peer: CompiledEndpoint): Answer {
    return this.settled(this.ask(asked, own, peer));
  }

  public get defaultAnswer(): Answer {
    return this.settled(this.byDefault);
  }

  private settled(outcome: number): Answer {
    return answerOf(outcome & NEXT ? outcome | this.otherwise : outcome);
  }
}

interface LayerRules {
  readonly stages: readonly StageRules[];
  readonly otherwise: number;
}

class Layers implements Side {
  public readonly rowsAt = NO_ROWS;

  public constructor(private readonly layers: readonly LayerRules[]) {}

  public answer(asked: Asked, own: CompiledEndpoint, peer: CompiledEndpoint): Answer {
    return this.joined(stage => stage.ask(asked, own, peer));
  }

  public get defaultAnswer(): Answer {
    return this.joined(({ byDefault }) => byDefault);
  }

  public get rules(): readonly CompiledRule[] {
    return this.layers.flatMap(({ stages }) => stages.flatMap(({ rules }) => rules));
  }

  public rulesBetween(own: CompiledEndpoint, peer: CompiledEndpoint): readonly CompiledRule[] {
    return this.layers.flatMap(({ stages }) => stages.flatMap(stage => stage.rulesBetween(own, peer)));
  }

  private joined(ask: (stage: StageRules) => number): Answer {
    const { layers } = this;
    return layers.length === 1 ? ofLayer(layers[0], ask) : allAllow(layers.map(layer => ofLayer(layer, ask)));
  }
}

function ofLayer({ stages, otherwise }: LayerRules, ask: (stage: StageRules) => number): Answer {
  let possible = 0;
  for (const stage of stages) {
    const outcome = ask(stage);
    possible |= outcome & (ALLOW | DENY | FACTS);
    if (!(outcome & NEXT)) { return answerOf(possible); }
  }
  return answerOf(possible | otherwise);
}
