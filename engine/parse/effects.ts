/** Reads the `then` of a rule. */
import type { Verdict } from '../decision.js';
import { DEFAULT_REFUSAL } from '../decision.js';
import type { Effects, LabelEffect, RefusalTemplate, RewriteEffect, StrikeEffect } from '../effects.js';
import { factDefinition, type EventFactName, type FactName } from '../facts.js';
import { createList, type List } from '../list.js';
import { ladderOf, type Memory } from '../memory.js';
import { hintFor } from '../nearest.js';
import { parseTemplate, PLACEHOLDERS, type Template } from '../template.js';
import { readFactName, readListName } from './conditions.js';
import { readStateFactName } from './state-facts.js';
import {
  problemAt,
  readAnyText,
  readEntries,
  readInteger,
  readList,
  readMapping,
  readText,
  readTexts,
  readTrue,
  type Node,
  type Report,
} from './node.js';
import { readDuration, readSubject } from './memory.js';
import {
  EFFECTS_SHAPE,
  LABEL_EFFECT_SHAPE,
  MASK_SHAPE,
  MASK_WORDS_SHAPE,
  REFUSE_SHAPE,
  SET_SHAPE,
  STRIKE_SHAPE,
} from './shapes.js';

const VERDICTS = ['allow', 'refuse', 'discard'] as const;

/** Names that effects may refer to. */
export interface EffectScope {
  readonly lists: ReadonlyMap<string, List>;
  readonly platforms: readonly string[];
  readonly memory: Memory;
}

/** @returns the effects, or `undefined` when there is nothing to do; mistakes are reported */
export function parseEffects(node: Node, scope: EffectScope, report: Report): Effects | undefined {
  const members = readMapping(node, EFFECTS_SHAPE, '`then`', report);
  if (members === undefined) return undefined;
  if (Object.keys(members).length === 0) {
    report(
      problemAt(node, 'empty-group', 'The rule does nothing.', {
        hint: 'Add an effect, such as `refuse: true`.',
      }),
    );
    return undefined;
  }
  const verdicts = VERDICTS.filter((verdict) => members[verdict] !== undefined);
  const verdict = verdicts[0] ?? null;
  const second = verdicts[1] === undefined ? undefined : members[verdicts[1]];
  if (second !== undefined) {
    report(
      problemAt(second, 'wrong-value', 'A rule can have one verdict only.', {
        hint: 'Make two rules of it.',
        atKey: true,
      }),
    );
  }
  if (members.allow !== undefined) readTrue(members.allow, report);
  if (members.discard !== undefined) readTrue(members.discard, report);
  return {
    verdict,
    refusal: parseVerdictRefusal(verdict, members.refuse, scope, report),
    rewrites: members.rewrite === undefined ? [] : parseRewrites(members.rewrite, scope, report),
    tags: members.tag === undefined ? [] : texts(members.tag, report),
    notify: members.notify === undefined ? [] : texts(members.notify, report),
    strikes: members.strike === undefined ? [] : oneOrMore(members.strike, report, parseStrike(scope.memory)),
    labels: members.label === undefined ? [] : oneOrMore(members.label, report, parseLabel),
  };
}

function texts(node: Node, report: Report): readonly string[] {
  return readTexts(node, report).map(({ value }) => String(value));
}

/** Reads one mapping or a list of them. */
function oneOrMore<T>(
  node: Node,
  report: Report,
  parse: (node: Node, report: Report) => T | undefined,
): readonly T[] {
  const nodes = Array.isArray(node.value) ? (readList(node, report) ?? []) : [node];
  return nodes.flatMap((member) => parse(member, report) ?? []);
}

const parseStrike =
  (memory: Memory) =>
  (node: Node, report: Report): StrikeEffect | undefined => {
    const members = readMapping(node, STRIKE_SHAPE, 'a strike (`ladder`, `by`)', report);
    const ladder = members?.ladder === undefined ? undefined : readText(members.ladder, report);
    if (ladder === undefined) return undefined;
    const by = members?.by === undefined ? ladderOf(memory, ladder).by : readSubject(members.by, report);
    return by && { ladder, by };
  };

function parseLabel(node: Node, report: Report): LabelEffect | undefined {
  const members = readMapping(node, LABEL_EFFECT_SHAPE, 'a label (`target`, `name`, `for`)', report);
  const target = members?.target === undefined ? undefined : readSubject(members.target, report)?.[0];
  const name = members?.name === undefined ? undefined : readText(members.name, report);
  const length = members?.for === undefined ? undefined : readDuration(members.for, report);
  if (target === undefined || name === undefined || length === undefined) return undefined;
  return { target, name, length };
}

const PLAIN_REFUSAL: RefusalTemplate = { ...DEFAULT_REFUSAL, message: [DEFAULT_REFUSAL.message], detail: [] };

function parseVerdictRefusal(
  verdict: Verdict | null,
  node: Node | undefined,
  scope: EffectScope,
  report: Report,
): RefusalTemplate | null {
  if (verdict === 'discard') return PLAIN_REFUSAL;
  if (node === undefined) return null;
  if (node.value === true) return PLAIN_REFUSAL;
  const members = readMapping(
    node,
    REFUSE_SHAPE,
    '`refuse` (true, or reason, code, message, detail)',
    report,
  );
  if (members === undefined) return null;
  const { reason, code, message, detail } = members;
  return {
    reason: (reason === undefined ? undefined : readInteger(reason, 1, 99, report)) ?? DEFAULT_REFUSAL.reason,
    codes: code === undefined ? {} : parseCodes(code, scope, report),
    message: (message === undefined ? undefined : parseText(message, scope, report)) ?? PLAIN_REFUSAL.message,
    detail: (detail === undefined ? undefined : parseText(detail, scope, report)) ?? [],
  };
}

function parseCodes(node: Node, scope: EffectScope, report: Report): Readonly<Record<string, number>> {
  const codes: [string, number][] = [];
  for (const [platform, member] of readEntries(node, report)) {
    if (!scope.platforms.includes(platform)) {
      const hint = hintFor(platform, scope.platforms);
      report(problemAt(member, 'unknown-key', `Unknown platform \`${platform}\`.`, { hint, atKey: true }));
      continue;
    }
    const code = readInteger(member, 1, 2_147_483_647, report);
    if (code !== undefined) codes.push([platform, code]);
  }
  return Object.fromEntries(codes);
}

/** Reads a text that may name facts. */
function parseText(node: Node, scope: EffectScope, report: Report): Template | undefined {
  const text = readAnyText(node, report);
  if (text === undefined) return undefined;
  const template = parseTemplate(text, (name) =>
    readStateFactName(node, name, undefined, scope.memory, report),
  );
  if (template === undefined || !('unknown' in template)) return template;
  report(
    problemAt(node, 'unknown-fact', `Unknown fact \`${template.unknown}\` in {{ }}.`, {
      hint: hintFor(template.unknown, PLACEHOLDERS),
    }),
  );
  return undefined;
}

function parseRewrites(node: Node, scope: EffectScope, report: Report): readonly RewriteEffect[] {
  const entries = readEntries(node, report);
  if (entries.length === 0) {
    report(
      problemAt(node, 'empty-group', '`rewrite` changes nothing.', {
        hint: 'For example `friend.remark: { set: "" }`.',
      }),
    );
  }
  return entries.flatMap(([name, member]) => {
    const fact = readFactName({ ...member, value: name }, (problem) => report({ ...problem, atKey: true }));
    const change = fact === undefined ? undefined : parseChange(fact, member, scope, report);
    return fact === undefined || change === undefined ? [] : [{ fact, change }];
  });
}

function parseChange(
  fact: EventFactName,
  node: Node,
  scope: EffectScope,
  report: Report,
): RewriteEffect['change'] | undefined {
  const keys = typeof node.value === 'object' && node.value !== null ? Object.keys(node.value) : [];
  if (!keys.includes('mask')) {
    const set = readMapping(node, SET_SHAPE, 'a rewrite (`set` or `mask`)', report)?.set;
    if (set !== undefined) return parseSet(fact, set, scope, report);
    if (keys.length === 0) report(problemAt(node, 'missing-key', 'A rewrite needs `set` or `mask`.'));
    return undefined;
  }
  const mask = readMapping(node, MASK_SHAPE, 'a rewrite (`set` or `mask`)', report)?.mask;
  if (mask === undefined) return undefined;
  if (factDefinition(fact).type !== 'string') {
    report(
      problemAt(
        mask,
        'wrong-operand',
        `Only texts can be masked; \`${fact}\` is a ${factDefinition(fact).type}.`,
      ),
    );
    return undefined;
  }
  const words = parseMaskWords(mask, scope, report);
  return words && { type: 'mask', ...words };
}

function parseSet(
  fact: EventFactName,
  node: Node,
  scope: EffectScope,
  report: Report,
): RewriteEffect['change'] | undefined {
  const { type } = factDefinition(fact);
  if (type === 'string') {
    const template = parseText(node, scope, report);
    return template === undefined ? undefined : { type: 'fill', template };
  }
  const value = readFactValue(fact, node, report);
  return value === undefined || typeof value === 'string' ? undefined : { type: 'set', value };
}

function parseMaskWords(
  node: Node,
  scope: EffectScope,
  report: Report,
): { readonly list: List; readonly replacement: string } | undefined {
  const members = readMapping(node, MASK_WORDS_SHAPE, '`mask` (list or words, with)', report);
  if (members === undefined) return undefined;
  const replacement = members.with === undefined ? '*' : (readAnyText(members.with, report) ?? '*');
  if (members.list !== undefined && members.words !== undefined) {
    report(
      problemAt(members.words, 'wrong-value', '`mask` takes `list` or `words`, not both.', { atKey: true }),
    );
  }
  if (members.list !== undefined) {
    const list = readListName(members.list, scope.lists, report);
    return list === undefined ? undefined : { list, replacement };
  }
  if (members.words === undefined) {
    report(problemAt(node, 'missing-key', '`mask` needs `list` or `words`.'));
    return undefined;
  }
  return { list: createList('', texts(members.words, report)), replacement };
}

/** Reads a value of a fact, as examples and `set` write it. Times may be ISO 8601 texts. */
export function readFactValue(
  fact: FactName,
  node: Node,
  report: Report,
): string | number | boolean | readonly string[] | undefined {
  const { type } = factDefinition(fact);
  const { value } = node;
  if (type === 'string') return readAnyText(node, report);
  if (type === 'strings') {
    const entries = Array.isArray(value) && value.length === 0 ? [] : readList(node, report);
    return entries?.map((entry) => readText(entry, report) ?? '');
  }
  if (type === 'time' && typeof value === 'string' && !Number.isNaN(Date.parse(value)))
    return Date.parse(value);
  if (type === 'time' && typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (type === 'number' && typeof value === 'number' && Number.isFinite(value)) return value;
  if (type === 'boolean' && typeof value === 'boolean') return value;
  const wanted = type === 'time' ? 'an ISO 8601 time or milliseconds' : `a ${type}`;
  report(problemAt(node, 'wrong-type', `\`${fact}\` is ${wanted}.`));
  return undefined;
}
