/** Rules as operators write them: dictionaries, policies of single groups, bans, warnings about strangers. */
import { createLanguage, type Language } from './language.js';
import { createRandom, type Random } from './random.js';

/** The part of the rule language that every contender can express. */
export type ConditionData =
  | { readonly all: readonly ConditionData[] }
  | { readonly any: readonly ConditionData[] }
  | { readonly not: ConditionData }
  | LeafData;

export type LeafData = { readonly fact: FactOfRules } & (
  | { readonly operator: 'equal'; readonly value: string | boolean | { readonly fact: FactOfRules } }
  | { readonly operator: 'in' | 'containsAny'; readonly value: readonly string[] }
  | { readonly operator: 'contains' | 'startsWith'; readonly value: string }
  | { readonly operator: 'lengthAtLeast'; readonly value: number }
);

/** The facts that these rules look at, and what stands for an absent one where there is no `undefined`. */
export const FACT_DEFAULTS = {
  platform: '',
  'actor.id': '',
  'actor.isAdmin': false,
  'target.id': '',
  'group.id': '',
  'conversation.type': '',
  'message.text': '',
  'message.mentions': [],
  'message.linkDomains': [],
  'friend.wording': '',
  'join.message': '',
} as const satisfies Readonly<Record<string, string | boolean | readonly string[]>>;

export type FactOfRules = keyof typeof FACT_DEFAULTS;

export type KindOfRules = 'message.send' | 'friend.request' | 'block.add' | 'group.join';

/** A rule as it stands in YAML. */
export interface RuleData {
  readonly id: string;
  readonly on: KindOfRules;
  readonly stage: 'before';
  readonly when: ConditionData;
  readonly then: Readonly<Record<string, unknown>>;
}

/** What a callback must be like for a rule to match. */
export interface Bait {
  readonly kind: KindOfRules;
  readonly platform?: 'openim' | 'tencent';
  readonly actor?: string;
  readonly target?: string;
  readonly group?: string;
  readonly word?: string;
}

export interface GeneratedRule {
  readonly rule: RuleData;
  readonly bait: Bait;
}

interface Sketch {
  readonly bait: Bait;
  readonly when: ConditionData;
}

interface World {
  readonly random: Random;
  readonly language: Language;
  /** A user or group that is in one rule only. */
  readonly fresh: (prefix: string) => string;
}

type Family = (world: World) => Sketch;

const upTo = (count: number, world: World, make: () => string): readonly string[] =>
  Array.from({ length: 1 + world.random.below(count) }, make);

const dictionary: Family = (world) => {
  const words = upTo(4, world, () => world.language.ruleWord());
  return {
    bait: { kind: 'message.send', word: words[0] ?? '' },
    when: {
      all: [
        { fact: 'message.text', operator: 'containsAny', value: words },
        { not: { fact: 'actor.isAdmin', operator: 'equal', value: true } },
      ],
    },
  };
};

const groupDictionary: Family = (world) => {
  const [group, word] = [world.fresh('g'), world.language.ruleWord()];
  return {
    bait: { kind: 'message.send', group, word },
    when: {
      all: [
        { fact: 'group.id', operator: 'equal', value: group },
        { fact: 'message.text', operator: 'contains', value: word },
      ],
    },
  };
};

const groupWithoutAdvertising: Family = (world) => {
  const group = world.fresh('g');
  return {
    bait: { kind: 'message.send' },
    when: {
      all: [
        { fact: 'group.id', operator: 'equal', value: group },
        {
          any: [
            { fact: 'message.mentions', operator: 'lengthAtLeast', value: 10 },
            {
              fact: 'message.linkDomains',
              operator: 'containsAny',
              value: [`${group}.example`, 'shop.example'],
            },
          ],
        },
      ],
    },
  };
};

const scamDomain: Family = (world) => ({
  bait: { kind: 'message.send' },
  when: { fact: 'message.linkDomains', operator: 'contains', value: `${world.fresh('scam')}.example` },
});

const bannedSenders: Family = (world) => {
  const users = upTo(5, world, () => world.fresh('u'));
  return {
    bait: { kind: 'message.send', actor: users[0] ?? '' },
    when: { fact: 'actor.id', operator: 'in', value: users },
  };
};

const restrainedPair: Family = (world) => {
  const [actor, target] = [world.fresh('u'), world.fresh('u')];
  return {
    bait: { kind: 'message.send', actor, target },
    when: {
      all: [
        { fact: 'conversation.type', operator: 'equal', value: 'direct' },
        { fact: 'actor.id', operator: 'equal', value: actor },
        { fact: 'target.id', operator: 'equal', value: target },
      ],
    },
  };
};

const unwantedFriends: Family = (world) => {
  const users = upTo(5, world, () => world.fresh('u'));
  const word = world.language.ruleWord();
  return {
    bait: { kind: 'friend.request', word },
    when: {
      any: [
        { fact: 'actor.id', operator: 'in', value: users },
        { fact: 'friend.wording', operator: 'containsAny', value: [word] },
      ],
    },
  };
};

const protectedFromBlocking: Family = (world) => {
  const target = world.fresh('support');
  return {
    bait: { kind: 'block.add', platform: 'openim', target },
    when: {
      all: [
        { fact: 'platform', operator: 'equal', value: 'openim' },
        { fact: 'target.id', operator: 'startsWith', value: target },
      ],
    },
  };
};

const closedGroup: Family = (world) => {
  const [group, friend] = [world.fresh('g'), world.fresh('u')];
  return {
    bait: { kind: 'group.join', group },
    when: {
      all: [
        { fact: 'group.id', operator: 'equal', value: group },
        { not: { fact: 'actor.id', operator: 'equal', value: friend } },
        { not: { fact: 'join.message', operator: 'contains', value: 'invited' } },
      ],
    },
  };
};

/** Rules of each family among a hundred. */
const FAMILIES: readonly (readonly [family: Family, share: number])[] = [
  [dictionary, 35],
  [groupDictionary, 15],
  [groupWithoutAdvertising, 10],
  [scamDomain, 5],
  [bannedSenders, 10],
  [restrainedPair, 5],
  [unwantedFriends, 8],
  [protectedFromBlocking, 4],
  [closedGroup, 8],
];

/**
 * Generates rules. The first ones are the same whatever the count.
 *
 * @param then effects of the rule: tags let all matches show, a verdict ends the judging
 */
export function generateRules(
  count: number,
  seed: number,
  then: (id: string) => RuleData['then'] = (id) => ({ tag: id }),
): readonly GeneratedRule[] {
  const random = createRandom(seed);
  let names = 0;
  const world: World = {
    random,
    language: createLanguage(random),
    fresh: (prefix) => `${prefix}_${(names += 1)}`,
  };
  const deck = FAMILIES.flatMap(([family, share]) => Array.from({ length: share }, () => family));
  return Array.from({ length: count }, (_, index) => {
    const { bait, when } = random.pick(deck)(world);
    const id = `${bait.kind.replace('.', '-')}-${index}`;
    return { bait, rule: { id, on: bait.kind, stage: 'before', when, then: then(id) } };
  });
}
