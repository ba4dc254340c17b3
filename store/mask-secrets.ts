/** Secrets in a configuration file, kept out of reports. */

/** A `token` or `hashKey`, or what is likely meant to be one, written out as a block or in braces. */
const SECRET = /((?:^|[\s{,])["']?(?:tok|hashk)\w*["']?[ \t]*:[ \t]*)([^\s,}#][^,}#\r\n]*)/gim;
/** A value that names a variable and holds no secret itself. */
const REFERENCE = /^["']?\$\{\w+(:-)?\}["']?\s*$/;

/** The text with an asterisk for each character of a secret; length and lines stay the same. */
export function maskSecrets(text: string): string {
  return text.replace(SECRET, (match, key: string, value: string) =>
    REFERENCE.test(value) ? match : key + value.replace(/\S/g, '*'),
  );
}
