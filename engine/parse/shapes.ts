/** The keys of a rule file: one table for each kind of mapping. */
import type { Shape } from './node.js';

export const DOCUMENT_SHAPE = {
  lists: { meaning: 'Named lists of texts, inline or in files; known to all rule files.' },
  conditions: { meaning: 'Named conditions; known to all rule files.' },
  counters: { meaning: 'Counts in sliding windows; known to all rule files.' },
  ladders: { meaning: 'How long strikes count, and whose they are; known to all rule files.' },
  labels: { meaning: 'Labels that are shared by all apps or want a description.' },
  rules: { meaning: 'The rules of this file, in order.' },
} as const satisfies Shape;

export const LIST_SHAPE = {
  description: { meaning: 'What the list is for.' },
  file: { meaning: 'Text file in the rules folder: one entry a line, # comments.' },
  live: { meaning: '`true`: entries are added and removed while the gate runs (`callgate list`).' },
} as const satisfies Shape;

export const RULE_SHAPE = {
  id: { meaning: 'Name of the rule, unique in the folder.', isRequired: true },
  description: { meaning: 'What the rule is for.' },
  on: { meaning: 'Event kind, list of kinds, or glob (`message.*`, `*`).', isRequired: true },
  stage: {
    meaning: '`before`, `after` or `any`; by default `before` with a verdict or rewrite, else `any`.',
  },
  priority: { meaning: 'Higher first; 0 by default. Then file name, then order in the file.' },
  mode: { meaning: '`enforce` (default), `shadow` (judged and logged, changes nothing) or `off`.' },
  on_error: {
    meaning:
      'What happens when the rule cannot be judged, such as for a fact that does not come in time: `fail` (default: what `onFailure` of the app says), `skip` (as if it did not match) or `match` (as if it did).',
  },
  cooldown: {
    meaning: 'How long after a match the rule does not match again for the same user.',
  },
  when: { meaning: 'The condition, or `always`.', isRequired: true },
  then: { meaning: 'The effects.', isRequired: true },
  examples: { meaning: 'Facts and what the rule must make of them; checked at every load.' },
} as const satisfies Shape;

export const ALL_SHAPE = { all: { meaning: 'All members hold.' } } as const satisfies Shape;
export const ANY_SHAPE = { any: { meaning: 'At least one member holds.' } } as const satisfies Shape;
export const NOT_SHAPE = { not: { meaning: 'The member does not hold.' } } as const satisfies Shape;
export const REFERENCE_SHAPE = {
  condition: { meaning: 'Name of a shared condition.' },
} as const satisfies Shape;

export const LEAF_SHAPE = {
  fact: { meaning: 'The fact to look at.', isRequired: true },
  by: {
    meaning:
      'With `count.`, `strikes.` and `label.`: facts that say whose is meant; by default those of the definition.',
  },
  operator: { meaning: 'How to compare.', isRequired: true },
  value: {
    meaning: 'What to compare with: a value, `{ list: name }` or `{ fact: name }`.',
    isRequired: true,
  },
} as const satisfies Shape;

export const LIST_REFERENCE_SHAPE = { list: { meaning: 'Name of a list.' } } as const satisfies Shape;
export const FACT_REFERENCE_SHAPE = { fact: { meaning: 'Name of a fact.' } } as const satisfies Shape;

export const EFFECTS_SHAPE = {
  allow: { meaning: 'Verdict: let it happen, whatever later rules say.' },
  refuse: { meaning: 'Verdict: stop it and tell the user.' },
  discard: { meaning: 'Verdict: drop it while the sender sees success.' },
  rewrite: { meaning: 'Change facts before it happens: fact to `set` or `mask`.' },
  tag: { meaning: 'Words to log with the decision.' },
  notify: { meaning: 'Names of notifications to send.' },
  strike: { meaning: 'Give a strike: `ladder`, and `by` for whose it is.' },
  label: { meaning: 'Give a label to a user or group for a time: `target`, `name`, `for`.' },
} as const satisfies Shape;

export const REFUSE_SHAPE = {
  reason: { meaning: 'Number from 1 to 99, mapped into the code range of each command; 1 by default.' },
  code: { meaning: 'Exact code by platform, instead of the reason.' },
  message: { meaning: 'Text for the user; `{{fact.name}}` stands for a fact.' },
  detail: { meaning: 'Further text, where the platform has room for it (OpenIM errDlt).' },
} as const satisfies Shape;

export const SET_SHAPE = {
  set: { meaning: 'The new value; texts may use `{{fact.name}}`.' },
} as const satisfies Shape;
export const MASK_SHAPE = { mask: { meaning: 'Replace words in the text.' } } as const satisfies Shape;

export const MASK_WORDS_SHAPE = {
  list: { meaning: 'Name of a list of words.' },
  words: { meaning: 'The words themselves.' },
  with: { meaning: 'What stands for one masked character; `*` by default.' },
} as const satisfies Shape;

export const COUNTER_SHAPE = {
  description: { meaning: 'What the counter is for.' },
  on: { meaning: 'Event kind, list of kinds, or glob (`message.*`) that is counted.', isRequired: true },
  stage: { meaning: '`before` (default), `after` or `any`.' },
  by: { meaning: 'Facts whose values have a count each, such as `[actor.id]`.', isRequired: true },
  distinct: { meaning: 'Fact whose different values are counted, instead of events.' },
  window: { meaning: 'How long something counts: `30s`, `1m`, `1h`, `7d`.', isRequired: true },
  where: { meaning: 'A condition that the event must meet to be counted.' },
  count: {
    meaning: '`attempts` (default: every event) or `allowed` (those that the rules let happen).',
  },
  scope: { meaning: '`app` (default: each app counts by itself) or `all`.' },
} as const satisfies Shape;

export const LADDER_SHAPE = {
  description: { meaning: 'What the ladder is for.' },
  by: { meaning: 'Facts that say whose strikes they are; `[actor.id]` by default.' },
  decay: { meaning: 'How long a strike counts; `30d` by default.' },
  scope: { meaning: '`app` (default) or `all`.' },
} as const satisfies Shape;

export const LABEL_SHAPE = {
  description: { meaning: 'What the label means.' },
  scope: { meaning: '`app` (default) or `all`.' },
} as const satisfies Shape;

export const COOLDOWN_SHAPE = {
  for: { meaning: 'How long: `10m`, `1h`.', isRequired: true },
  by: { meaning: 'Facts that say for whom; `[actor.id]` by default.' },
} as const satisfies Shape;

export const STRIKE_SHAPE = {
  ladder: { meaning: 'Name of the ladder.', isRequired: true },
  by: { meaning: 'Facts that say whose strike it is; by default those of the ladder.' },
} as const satisfies Shape;

export const LABEL_EFFECT_SHAPE = {
  target: { meaning: 'Fact that says who gets it, such as `actor.id` or `group.id`.', isRequired: true },
  name: { meaning: 'Name of the label.', isRequired: true },
  for: { meaning: 'How long: `10m`, `1h`, `7d`.', isRequired: true },
} as const satisfies Shape;

export const EXAMPLE_SHAPE = {
  given: { meaning: 'Facts and their values.', isRequired: true },
  lists: { meaning: 'Live lists and what they hold; they are empty otherwise.' },
  expect: {
    meaning:
      '`none` (the rule does not match), `match`, `allow`, `refuse`, `discard`, or a mapping of what it does.',
    isRequired: true,
  },
} as const satisfies Shape;

export const EXPECT_SHAPE = {
  verdict: { meaning: '`allow`, `refuse`, `discard`, or `none` for a rule without a verdict.' },
  message: { meaning: 'Text for the user.' },
  rewrite: { meaning: 'Facts and the values they must get.' },
  tag: { meaning: 'Tags, all of them.' },
  strike: { meaning: 'Ladders on which strikes are given, all of them.' },
  label: { meaning: 'Labels that are given, all of them.' },
} as const satisfies Shape;
