/** Rules and suites in a folder of the test, tried with apps of both platforms. */
import { join } from 'node:path';
import { runSuites, type TestOptions, type TestRun } from '../../cli/suite/session.js';
import { loadWorkbench, type Workbench } from '../../cli/suite/workbench.js';
import { configOf, createRulesFolder } from '../support/server.js';

export const APPS = `
apps:
  - { id: im, platform: openim, path: /openim }
  - { id: tc, platform: tencent, path: /tencent, sdkAppId: 1400000000, token: secret }
`;

export const RULES = `
lists:
  friends: [bob, carol]
conditions:
  is-admin: { fact: actor.isAdmin, operator: equal, value: true }
rules:
  - id: friends-stay
    on: block.add
    stage: before
    when:
      all:
        - { fact: target.id, operator: in, value: { list: friends } }
        - not: { condition: is-admin }
    then: { refuse: { reason: 7, message: 'Not {{target.id}}.', detail: d }, tag: [kept, friend], notify: boss }
  - id: nobody-blocks-themselves
    on: block.add
    stage: before
    priority: 1
    when: { fact: actor.id, operator: equal, value: { fact: target.id } }
    then: { allow: true }
  - id: masked
    on: [message.send, friend.remark]
    when:
      any:
        - { fact: message.text, operator: contains, value: bad }
        - { fact: friend.remark, operator: contains, value: bad }
    then:
      rewrite:
        message.text: { mask: { words: [bad] } }
        friend.remark: { mask: { words: [bad] } }
  - id: watched
    on: message.send
    mode: shadow
    when: { fact: message.text, operator: contains, value: secret }
    then: { refuse: true, tag: leak }
  - id: switched-off
    on: block.add
    mode: off
    when: always
    then: { tag: never }
  - id: no-invitations
    on: [friend.request, group.invite]
    when: { fact: target.id, operator: equal, value: mallory }
    then: { refuse: { reason: 2 } }
  - id: seen
    on: block.add
    stage: after
    when: always
    then: { tag: seen }
`;

export interface TestBench {
  readonly bench: Workbench;
  /** Path of the folder; cut out of texts by {@link withoutFolder}. */
  readonly path: string;
  run(options?: Partial<TestOptions>): Promise<TestRun>;
  withoutFolder(text: string): string;
  remove(): void;
}

/** @param files beside the rules, such as suites */
export async function createBench(
  files: Readonly<Record<string, string>> = {},
  { rules = RULES, apps = APPS }: { readonly rules?: string; readonly apps?: string } = {},
): Promise<TestBench> {
  const folder = createRulesFolder({ 'rules.yaml': rules, ...files });
  const bench = await loadWorkbench(configOf(apps, folder.path), folder.path);
  return {
    bench,
    path: folder.path,
    run: (options) => runSuites(bench, { paths: [], coverage: false, ...options }),
    withoutFolder: (text) => text.replaceAll(join(folder.path, '/'), ''),
    remove: () => folder.remove(),
  };
}

/** Runs one suite, given as text, and cleans up. */
export async function runSuiteText(
  text: string,
  more: Readonly<Record<string, string>> = {},
): Promise<TestRun> {
  const bench = await createBench({ 'a.test.yaml': text, ...more });
  try {
    return await bench.run();
  } finally {
    bench.remove();
  }
}

/** `name: want / got` of everything that came out otherwise, and problems of the suite. */
export function failuresOf({ suites, problems }: TestRun): readonly string[] {
  const mismatches = suites.flatMap(({ results }) => results.flatMap((result) => result.mismatches));
  return [
    ...problems.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`),
    ...mismatches.map(({ name, want, got }) => `${name}: ${JSON.stringify(want)} / ${JSON.stringify(got)}`),
  ];
}
