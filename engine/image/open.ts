/** Puts an image to work. Rules stay bytes until they are candidates for the first time. */
import { compileRule, type CompiledRule } from '../compiled-rule.js';
import { decide } from '../decide.js';
import type { RuleMode } from '../decision.js';
import { openRuleIndex, type EventSet } from '../index/rule-index.js';
import type { Kind, Stage } from '../kinds.js';
import { createLiveList, isLiveImage, openList, type List, type ListImage } from '../list.js';
import { createLiveLists, type LiveLists } from '../live/live-lists.js';
import type { Scope } from '../parse/conditions.js';
import { withNamed } from '../memory.js';
import { planMemory } from '../memory-plan.js';
import { scopeOf, type MemoryNodes } from '../parse/definitions.js';
import type { EffectScope } from '../parse/effects.js';
import type { Node } from '../parse/node.js';
import { parseRule } from '../parse/rules.js';
import type { Problem } from '../problem.js';
import type { RuleSet, RuleSummary } from '../rule-set.js';
import { ruleNode, type PackedDocument } from './document.js';
import { MODES, type ConditionImage, type MemoryImage, type RuleSetImage, type RuleSlice } from './image.js';

/**
 * Opens an image in steps of a few milliseconds at most, between which others may have their turn.
 *
 * @param live where its live lists are; without it, they are empty
 */
export function* openInSteps(
  image: RuleSetImage,
  live: LiveLists = createLiveLists(),
): Generator<undefined, RuleSet> {
  const { revision, documents, eventSets } = image;
  const scope = openScope(image, live);
  for (const { name, uses } of image.lists.filter(isLiveImage)) {
    for (const use of uses) yield* live.contents(name).prepare(use);
  }
  const rules: StoredRule[] = [];
  for (const slice of image.slices) {
    rules.push(...openSlice(slice, documents, eventSets, scope));
    yield;
  }
  const liveLists = image.lists.filter(isLiveImage).map(({ name }) => name);
  const fixedSizes = image.lists.flatMap((list) =>
    isLiveImage(list) ? [] : [[list.name, list.set.starts.length - 1] as const],
  );
  const sequence = {
    ruleAt: (rank: number) => rules[rank]?.compiled,
    index: openRuleIndex(image.index),
    plan: planMemory(scope.memory),
  };
  return {
    revision,
    rules,
    files: documents.length,
    lists: image.lists.length,
    get listSizes() {
      return new Map([...fixedSizes, ...liveLists.map((name) => [name, live.contents(name).size] as const)]);
    },
    liveLists,
    memory: withNamed(scope.memory, image.subjectNames),
    decide: (event, policy, options) => decide(sequence, event, policy, revision, options),
  };
}

/** Opens an image in one go. @param live where its live lists are; without it, they are empty */
export function openRuleSet(image: RuleSetImage, live?: LiveLists): RuleSet {
  const steps = openInSteps(image, live);
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

type RuleScope = Scope & EffectScope;

function openScope(
  { lists: listImages, conditions, memory, platforms }: RuleSetImage,
  live: LiveLists,
): RuleScope {
  const lists = new Map(listImages.map((image) => [image.name, listOf(image, live)]));
  const nodes = new Map(conditions.map((image) => [image.name, conditionNode(image)]));
  const memoryNodes = memory.map(memoryNode);
  return { platforms, ...scopeOf({ lists, conditions: nodes, memoryNodes }, refuse) };
}

function listOf(image: ListImage, live: LiveLists): List {
  return isLiveImage(image) ? createLiveList(image.name, live.contents(image.name)) : openList(image);
}

function memoryNode({ file, json }: MemoryImage): MemoryNodes[number] {
  // Written by linkRuleSet.
  const members = JSON.parse(json) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, { file, path: [name], value }]),
  );
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

/** A rule that is read from its bytes when it is first a candidate. */
class StoredRule implements RuleSummary {
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

  /** Read from its bytes the first time. */
  get compiled(): CompiledRule {
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
    cooldown: null,
    needs: [],
    effects: {
      verdict: 'refuse',
      refusal: null,
      rewrites: [],
      tags: [],
      notify: [],
      strikes: [],
      labels: [],
    },
    predicate: () => undefined,
    judge: () => Promise.reject(error),
  };
}
