/** The page of all problems, made from the codes and the examples that the tests check. */
import { join, relative, resolve } from 'node:path';
import { PROBLEM_CODES, type ProblemCode } from '../engine/problem.js';
import { formatProblems } from '../store/report.js';
import { checkExample, EXAMPLES_FOLDER, filesOf, WITHOUT_EXAMPLE, type Side } from './problem-fixtures.js';
import { NOTE } from './reference.js';

/** docs/problems.md. */
export async function problemsPage(): Promise<string> {
  const sections: string[] = [];
  for (const code of Object.keys(PROBLEM_CODES) as ProblemCode[]) sections.push(await section(code));
  return `${['# Problems', NOTE, INTRODUCTION, ...sections].join('\n\n')}\n`;
}

const INTRODUCTION = `Every mistake in rule files and in config.yaml has one of these codes. \`callgate check\` finds them all at once; a
server reports them when it loads the rules, except \`mixed-priorities\`, \`unused-list\`, \`unused-condition\` and
\`no-examples\`, which only \`callgate check\` tells. Errors keep a rule set from going live; warnings do not
(\`callgate check --strict\` fails for both).`;

async function section(code: ProblemCode): Promise<string> {
  const head = [`## ${code}`, PROBLEM_CODES[code]];
  if (WITHOUT_EXAMPLE.includes(code)) return head.join('\n\n');
  const { problems } = await checkExample(code, 'bad');
  const named = problems.map((problem) => ({ ...problem, file: nameBelow(code, problem.file) }));
  return [
    ...head,
    'Wrong:',
    ...blocks(code, 'bad'),
    block('text', formatProblems(named)),
    'Right:',
    ...blocks(code, 'good'),
  ].join('\n\n');
}

function nameBelow(code: ProblemCode, file: string): string {
  return relative(join(EXAMPLES_FOLDER, code, 'bad'), resolve(file)).replaceAll('\\', '/');
}

function blocks(code: ProblemCode, side: Side): readonly string[] {
  const files = filesOf(code, side);
  const isOne = files.length === 1;
  return files.flatMap(({ file, text }) => [
    ...(isOne ? [] : [`\`${file}\``]),
    block(file.endsWith('.yaml') ? 'yaml' : 'text', text.trimEnd()),
  ]);
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}
