/** Texts with facts in them: `Hello {{actor.id}}`. */
import { isFactName, type FactName, type FactValue } from './facts.js';

/** A text cut into literal pieces and facts. */
export type Template = readonly (string | { readonly fact: FactName })[];

const PLACEHOLDER = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** Cuts a text. @returns the template, or the first name in it that is no fact */
export function parseTemplate(text: string): Template | { readonly unknown: string } {
  const parts: (string | { fact: FactName })[] = [];
  let position = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const name = match[1] ?? '';
    if (!isFactName(name)) return { unknown: name };
    parts.push(text.slice(position, match.index), { fact: name });
    position = match.index + match[0].length;
  }
  return [...parts, text.slice(position)].filter((part) => part !== '');
}

/** Facts that a template names. */
export function factsOfTemplate(template: Template): readonly FactName[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.fact]));
}

/** Fills a template. An absent fact leaves nothing, a list is joined with commas. */
export async function fillTemplate(
  template: Template,
  read: (fact: FactName) => Promise<FactValue | undefined>,
): Promise<string> {
  const parts = await Promise.all(
    template.map(async (part) => (typeof part === 'string' ? part : textOf(await read(part.fact)))),
  );
  return parts.join('');
}

function textOf(value: FactValue | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(', ') : String(value);
}
