/** Texts with facts in them: `Hello {{actor.id}}`; the decision's own ID is one more name. */
import { FACT_NAMES, isFactName, type FactName, type FactValue } from './facts.js';
import { isStateFact, type StateFactName } from './state-facts.js';

/** Name that stands for the ID of the decision, by which the decision log can be searched. */
const DECISION_ID = 'decision.id';

/** What can stand between `{{` and `}}`. */
export type Placeholder = FactName | typeof DECISION_ID;

export const PLACEHOLDERS: readonly Placeholder[] = [...FACT_NAMES, DECISION_ID];

/** A text cut into literal pieces and names. */
export type Template = readonly (string | { readonly name: Placeholder })[];

/** Where the values of names come from. */
export type ReadPlaceholder = (name: Placeholder) => Promise<FactValue | undefined>;

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/**
 * Cuts a text.
 *
 * @param readState completes the name of a count, strikes or a label; reports what is wrong with it
 * @returns the template, or the first name in it that stands for nothing; `undefined` after a report
 */
export function parseTemplate(
  text: string,
  readState: (name: StateFactName) => StateFactName | undefined,
): Template | { readonly unknown: string } | undefined {
  const parts: (string | { name: Placeholder })[] = [];
  let position = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const written = match[1] ?? '';
    const name = isStateFact(written) ? readState(written) : written;
    if (name === undefined) return undefined;
    if (!isPlaceholder(name)) return { unknown: name };
    parts.push(text.slice(position, match.index), { name });
    position = match.index + match[0].length;
  }
  return [...parts, text.slice(position)].filter((part) => part !== '');
}

function isPlaceholder(name: string): name is Placeholder {
  return name === DECISION_ID || isFactName(name) || isStateFact(name);
}

/** Facts that a template names. */
export function factsOfTemplate(template: Template): readonly FactName[] {
  return template.flatMap((part) =>
    typeof part === 'string' || part.name === DECISION_ID ? [] : [part.name],
  );
}

/** Reads names: facts from where facts come from, and the decision's ID. */
export function placeholderReader(
  readFact: (fact: FactName) => Promise<FactValue | undefined>,
  decisionId: () => string,
): ReadPlaceholder {
  return (name) => (name === DECISION_ID ? Promise.resolve(decisionId()) : readFact(name));
}

/** Fills a template. An absent fact leaves nothing, a list is joined with commas. */
export async function fillTemplate(template: Template, read: ReadPlaceholder): Promise<string> {
  const parts = await Promise.all(
    template.map(async (part) => (typeof part === 'string' ? part : textOf(await read(part.name)))),
  );
  return parts.join('');
}

function textOf(value: FactValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(', ') : String(value);
}
