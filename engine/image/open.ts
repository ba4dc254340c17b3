/** Puts an image to work. Rules stay bytes until they are candidates for the first time. */
import { compileRule, decide, type CompiledRule } from '../decide.js';
import type { OnError, RuleMode } from '../decision.js';
import type { Effects } from '../effects.js';
import { openRuleIndex, type EventSet } from '../index/rule-index.js';
import type { Kind, Stage } from '../kinds.js';
import { openList } from '../list.js';
import type { Scope } from '../parse/conditions.js';
import { sharedConditions } from '../parse/definitions.js';
import type { EffectScope } from '../parse/effects.js';
import type { Node } from '../parse/node.js';
import { parseRule } from '../parse/rules.js';
import type { Problem } from '../problem.js';
import type { RuleSet, RuleSummary } from '../rule-set.js';
import { ruleNode, type PackedDocument } from './document.js';
import { MODES, type ConditionImage, type RuleSetImage, type RuleSlice } from './image.js';

/** Opens an image in steps of well below a millisecond each, between which others may have their turn. */
export function* openInSteps(image: RuleSetImage): Generator<undefined, RuleSet> {
  const { revision, documents, eventSets } = image;
  const scope = openScope(image);
  const rules: StoredRule[] = [];
  for (const slice of image.slices) {
    rules.push(...openSlice(slice, documents, eventSets, scope));
    yield;
  }
  const sequence = { rules, index: openRuleIndex(image.index) };
  return {
    revision,
    rules,
    files: documents.length,
    lists: image.lists.length,
    listSizes: new Map(image.lists.map(({ name, set }) => [name, set.starts.length - 1])),
    decide: (event, policy, options) => decide(sequence, event, policy, revision, options),
  };
}

/** Opens an image in one go. */
export function openRuleSet(image: RuleSetImage): RuleSet {
  const steps = openInSteps(image);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

type RuleScope = Scope & EffectScope;

function openScope({ lists: listImages, conditions, platforms }: RuleSetImage): RuleScope {
  const lists = new Map(listImages.map((image) => [image.name, openList(image)]));
  const nodes = new Map(conditions.map((image) => [image.name, conditionNode(image)]));
  return { lists, platforms, condition: sharedConditions(nodes, lists) };
}

function conditionNode({ name, file, json }: ConditionImage): Node {
  return {
    file,
    path: ['conditions', name],
    get value() {
      const value: unknown = JSON.parse(json);
      return value;
    },
  };
}

function openSlice(
  { ids, documents: numbers, positions, modes, eventSets: sets }: RuleSlice,
  documents: readonly PackedDocument[],
  eventSets: readonly EventSet[],
  scope: RuleScope,
): readonly StoredRule[] {
  return ids.split('\n').map((id, index) => {
    const document = documents[numbers[index] ?? -1];
    const mode = MODES[modes[index] ?? -1];
    const events = eventSets[sets[index] ?? -1];
    if (document === undefined || mode === undefined || events === undefined) {
      throw new Error(`the rule ${id} is not whole`);
    }
    return new StoredRule(id, mode, events, document, positions[index] ?? 0, scope);
  });
}

/** A rule that is read from its bytes when it is first needed. */
class StoredRule implements RuleSummary, CompiledRule {
  readonly id: string;
  readonly file: string;
  readonly mode: RuleMode;
  readonly kinds: readonly Kind[];
  readonly stages: readonly Stage[];
  readonly #document: PackedDocument;
  readonly #position: number;
  readonly #scope: RuleScope;
  #compiled: CompiledRule | undefined;

  constructor(
    id: string,
    mode: RuleMode,
    { kinds, stages }: EventSet,
    document: PackedDocument,
    position: number,
    scope: RuleScope,
  ) {
    this.id = id;
    this.file = document.file;
    this.mode = mode;
    this.kinds = kinds;
    this.stages = stages;
    this.#document = document;
    this.#position = position;
    this.#scope = scope;
  }

  get onError(): OnError {
    return this.#read().onError;
  }

  get effects(): Effects {
    return this.#read().effects;
  }

  get predicate(): CompiledRule['predicate'] {
    return this.#read().predicate;
  }

  get judge(): CompiledRule['judge'] {
    return this.#read().judge;
  }

  #read(): CompiledRule {
    return (this.#compiled ??= this.#compile());
  }

  #compile(): CompiledRule {
    try {
      const node = ruleNode(this.#document, this.#position);
      // Examples have been tried when the rule was checked.
      const bare = typeof node.value === 'object' ? { ...node.value, examples: undefined } : node.value;
      const rule = parseRule({ ...node, value: bare }, this.#scope, refuse);
      if (rule === undefined) throw new Error('it is not a rule any more');
      return compileRule(rule);
    } catch (error) {
      return unreadable(this, error);
    }
  }
}

/** What was checked has no mistakes. */
function refuse({ file, message }: Problem): never {
  throw new Error(`${file}: ${message}`);
}

/** Stands for a rule whose bytes were damaged: it may match, judging it fails, and that matters. */
function unreadable({ id, mode }: RuleSummary, cause: unknown): CompiledRule {
  const error = new Error(`the rule ${id} could not be read`, { cause });
  return {
    id,
    mode,
    onError: 'fail',
    effects: { verdict: 'refuse', refusal: null, rewrites: [], tags: [], notify: [] },
    predicate: () => undefined,
    judge: () => Promise.reject(error),
  };
}
