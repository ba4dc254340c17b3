/** Secrets in a configuration file, kept out of reports. */

/** Keys of secrets, or what is likely meant to be one: `token`, `secret`, `hashKey`. */
const KEY = `["']?(?:tok|secr|hashk)\\w*["']?[ \\t]*:`;
/** Such a key as the first of its line. */
const LEADING = new RegExp(`^([ \\t]*(?:-[ \\t]+)*)${KEY}(?=\\s)`, 'i');
/** Such a key among others in braces, with its value. */
const INLINE = new RegExp(`((?:^|[\\s{,])${KEY}[ \\t]*)([^\\s,}#][^,}#\\r\\n]*)`, 'gi');
/** The password in a URL; it ends at the last `@`. */
const IN_URL = /(\w+:\/\/[^\s:@/]*:)(\S+)(?=@)/g;
/** A value that names a variable and holds no secret itself. */
const REFERENCE = /^\s*["']?\$\{\w+(:-)?\}["']?\s*(#.*)?$/;

/**
 * The text with an asterisk for each character of a secret; length and lines stay the same. Sooner too much
 * is masked than too little: what follows a key on its line, and lines that are indented further.
 */
export function maskSecrets(text: string): string {
  let keyColumn: number | undefined;
  return text
    .split(/(?<=\n)/)
    .map((line) => {
      if (keyColumn !== undefined && columnOf(line) > keyColumn) return masked(line);
      const [key, indentation] = LEADING.exec(line) ?? [];
      keyColumn = indentation?.length;
      if (key !== undefined) return key + maskedUnlessReference(line.slice(key.length));
      return line
        .replace(INLINE, (_, before: string, value: string) => before + maskedUnlessReference(value))
        .replace(IN_URL, (_, before: string, value: string) => before + maskedUnlessReference(value));
    })
    .join('');
}

/** Where a line begins; an empty one belongs to what is around it. */
function columnOf(line: string): number {
  const column = line.search(/\S/);
  return column === -1 ? Infinity : column;
}

function maskedUnlessReference(value: string): string {
  return REFERENCE.test(value) ? value : masked(value);
}

function masked(text: string): string {
  return text.replace(/\S/g, '*');
}
