/**
 * Comments for apps: the shipped configuration explains a setting at the first app that has it. When that
 * app is cut away, its comments go to the next one.
 */

/** A setting that is only shown: the comments above it are its own. */
const SHOWN = /^\s+# \w+: /;
const SETTING = /^ {2}(?:- | {2})([A-Za-z]+):/;

/** The comment above each setting of the apps, by its key; of the first that has one. */
function commentsIn(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const comments = new Map<string, readonly string[]>();
  let above: string[] = [];
  for (const line of lines) {
    const key = SETTING.exec(line)?.[1];
    if (key !== undefined && above.length > 0 && !comments.has(key)) comments.set(key, above);
    above = /^\s+#/.test(line) && !SHOWN.test(line) ? [...above, line] : [];
  }
  return comments;
}

/**
 * Explains the settings that are not explained in a text.
 *
 * @param text configuration with apps, cut down
 * @param whole the configuration that it was cut from
 */
export function explainApps(text: string, whole: string): string {
  const known = commentsIn(appLines(whole));
  const path = /^ {4}path: (\S+)$/m.exec(text)?.[1] ?? '';
  const explained = new Set(commentsIn(appLines(text)).keys());
  const [before, apps] = splitAtApps(text);
  const lines = apps.flatMap((line) => {
    const key = SETTING.exec(line)?.[1];
    if (key === undefined || explained.has(key)) return [line];
    explained.add(key);
    return [
      ...(known.get(key) ?? []).map((comment) => comment.replace(/HOST:PORT\/\w+/, `HOST:PORT${path}`)),
      line,
    ];
  });
  return [...before, ...lines].join('\n');
}

function appLines(text: string): readonly string[] {
  return splitAtApps(text)[1];
}

function splitAtApps(text: string): readonly [before: readonly string[], apps: readonly string[]] {
  const lines = text.split('\n');
  const start = lines.indexOf('apps:') + 1;
  return [lines.slice(0, start), lines.slice(start)];
}
