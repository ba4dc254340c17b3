/** What a rule does, as it is written; and as it comes out for an event. */
import type { Intent, Refusal, Rewrite, Verdict } from './decision.js';
import { factDefinition, type EventFactName, type FactName, type FactValue } from './facts.js';
import type { List } from './list.js';
import { factsOfTemplate, fillTemplate, type ReadPlaceholder, type Template } from './template.js';

export interface Effects {
  readonly verdict: Verdict | null;
  /** With `refuse` or `discard`. */
  readonly refusal: RefusalTemplate | null;
  readonly rewrites: readonly RewriteEffect[];
  readonly tags: readonly string[];
  readonly notify: readonly string[];
  readonly strikes: readonly StrikeEffect[];
  readonly labels: readonly LabelEffect[];
}

/** A strike that is given. */
export interface StrikeEffect {
  readonly ladder: string;
  /** Facts that say whose it is. */
  readonly by: readonly EventFactName[];
}

/** A label that is given. */
export interface LabelEffect {
  readonly name: string;
  /** Fact that says who gets it. */
  readonly target: EventFactName;
  /** For how long, in milliseconds. */
  readonly length: number;
}

export interface RefusalTemplate {
  readonly reason: number;
  readonly codes: Readonly<Record<string, number>>;
  readonly message: Template;
  readonly detail: Template;
}

export interface RewriteEffect {
  readonly fact: EventFactName;
  readonly change:
    | { readonly type: 'set'; readonly value: Exclude<FactValue, string> }
    | { readonly type: 'fill'; readonly template: Template }
    | { readonly type: 'mask'; readonly list: List; readonly replacement: string };
}

/** What the effects come to, before they are filled in for an event. */
export function intentOf({ verdict, rewrites, tags, notify, strikes, labels }: Effects): Intent {
  return {
    verdict,
    rewrites: rewrites.map(({ fact }) => fact),
    tags,
    notify,
    ...(strikes.length > 0 && { strikes: strikes.map(({ ladder }) => ladder) }),
    ...(labels.length > 0 && { labels: labels.map(({ name }) => name) }),
  };
}

/** The facts that the texts of effects name. */
export function factsToFill({ refusal, rewrites }: Effects): readonly FactName[] {
  const templates = [
    ...(refusal === null ? [] : [refusal.message, refusal.detail]),
    ...rewrites.flatMap(({ change }) => (change.type === 'fill' ? [change.template] : [])),
  ];
  return templates.flatMap(factsOfTemplate);
}

export async function fillRefusal(template: RefusalTemplate, read: ReadPlaceholder): Promise<Refusal> {
  const { reason, codes } = template;
  const [message, detail] = await Promise.all([
    fillTemplate(template.message, read),
    fillTemplate(template.detail, read),
  ]);
  return { reason, codes, message, detail };
}

export async function fillRewrite({ change }: RewriteEffect, read: ReadPlaceholder): Promise<Rewrite> {
  switch (change.type) {
    case 'set':
      return { set: change.value };
    case 'fill':
      return { set: await fillTemplate(change.template, read) };
    case 'mask':
      return { edit: (text) => change.list.words.mask(text, change.replacement) };
  }
}

/** Two rewrites of one fact, one after the other. */
export function combineRewrites(first: Rewrite | undefined, second: Rewrite): Rewrite {
  if (first === undefined || 'set' in second) return second;
  if ('edit' in first) return { edit: (text) => second.edit(first.edit(text)) };
  return typeof first.set === 'string' ? { set: second.edit(first.set) } : first;
}

/** What a rewrite makes of a value; an edit of what is no text changes nothing. */
export function applyRewrite(rewrite: Rewrite, value: FactValue | undefined): FactValue | undefined {
  if ('set' in rewrite) return rewrite.set;
  return typeof value === 'string' ? rewrite.edit(value) : value;
}

/** The values that facts get; an absent text is edited as an empty one. */
export function rewrittenFacts(
  rewrites: ReadonlyMap<FactName, Rewrite>,
  facts: { get(name: FactName): FactValue | undefined },
): ReadonlyMap<FactName, FactValue | undefined> {
  const valueOf = (fact: FactName): FactValue | undefined =>
    facts.get(fact) ?? (factDefinition(fact).type === 'string' ? '' : undefined);
  return new Map([...rewrites].map(([fact, rewrite]) => [fact, applyRewrite(rewrite, valueOf(fact))]));
}
