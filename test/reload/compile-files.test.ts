import { expect } from 'chai';
import fc from 'fast-check';
import { openRuleSet } from '../../engine/image/open.js';
import { compileFiles, NO_KNOWLEDGE, type CompiledFiles, type Knowledge } from '../../store/compile-files.js';
import { fileProblem } from '../../store/read-text.js';
import { ruleOn } from '../support/rules.js';
import { CONTEXT, filesOf, refusing } from './rule-files.js';

type Texts = Readonly<Record<string, string | undefined>>;

function compile(texts: Texts, knowledge: Knowledge = NO_KNOWLEDGE): Promise<CompiledFiles> {
  return compileFiles(filesOf(texts), [], { context: CONTEXT, knowledge, onProgress: () => undefined });
}

const codes = ({ problems }: CompiledFiles): readonly string[] =>
  problems.map(({ file, line, code }) => `${file}:${line} ${code}`);

const LISTS = 'lists:\n  vips: [ann]\n  words: { file: words.txt }\n';
const USING = `rules:
  - id: uses-list
    on: message.send
    when: { fact: message.text, operator: containsAny, value: { list: words } }
    then: { refuse: true }
    examples:
      - { given: { message.text: "a loan" }, expect: refuse }
`;

describe('files compiled with what is known from the last time', () => {
  it('are a rule set', async () => {
    const { image } = await compile({ 'a.yaml': `rules:\n${refusing('one', 'ann')}` });
    const ruleSet = openRuleSet(image!);
    expect(ruleSet.rules.map(({ id, file, mode }) => [id, file, mode])).to.deep.equal([
      ['one', 'a.yaml', 'enforce'],
    ]);
    expect((await ruleOn(ruleSet, 'message.send', { 'actor.id': 'ann' })).refusal?.message).to.equal(
      'by one',
    );
    expect((await ruleOn(ruleSet, 'message.send', { 'actor.id': 'bob' })).verdict).to.equal('allow');
  });

  it('are neither parsed nor checked again while their texts are the same', async () => {
    const texts = {
      'a.yaml': `rules:\n${refusing('one', 'ann')}`,
      'b.yaml': `rules:\n${refusing('two', 'bob')}`,
    };
    const first = await compile(texts);
    const { knowledge } = await compile(
      { ...texts, 'b.yaml': `rules:\n${refusing('two', 'cy')}` },
      first.knowledge,
    );
    const [before, after] = [first.knowledge.files, knowledge.files];
    expect(after.get('a.yaml')?.packed).to.equal(before.get('a.yaml')?.packed);
    expect(after.get('a.yaml')?.check).to.equal(before.get('a.yaml')?.check);
    expect(after.get('b.yaml')?.packed).not.to.equal(before.get('b.yaml')?.packed);
  });

  it('are checked again, but not parsed, when a list that they use is another', async () => {
    const texts = {
      'a.yaml': `rules:\n${refusing('one', 'ann')}`,
      'b.yaml': USING,
      'lists.yaml': LISTS,
      'words.txt': 'loan',
    };
    const first = await compile(texts);
    const second = await compile({ ...texts, 'words.txt': 'casino' }, first.knowledge);
    expect(codes(first)).to.deep.equal([]);
    expect(codes(second)).to.deep.equal(['b.yaml:7 example-failed']);
    const third = await compile({ ...texts, 'words.txt': 'casino\nloan' }, second.knowledge);
    const [before, after] = [first.knowledge.files, third.knowledge.files];
    expect(after.get('b.yaml')?.packed).to.equal(before.get('b.yaml')?.packed);
    expect(after.get('b.yaml')?.check).not.to.equal(before.get('b.yaml')?.check);
    expect(after.get('a.yaml')?.check).to.equal(before.get('a.yaml')?.check);
  });

  it('show the place of a mistake in a file that was not parsed again', async () => {
    const first = await compile({ 'b.yaml': USING, 'lists.yaml': LISTS, 'words.txt': 'loan' });
    const { problems } = await compile({ 'b.yaml': USING, 'words.txt': 'loan' }, first.knowledge);
    expect(problems).to.have.length(1);
    expect(problems[0]).to.include({ file: 'b.yaml', line: 4, code: 'unknown-list' });
    expect(problems[0]?.frame).to.include('{ list: words }');
  });

  it('find definitions however their keys are written', async () => {
    const { problems } = await compile({
      'a.yaml': USING,
      'b.yaml': '"l\\x69sts": { words: [loan] }\n',
    });
    expect(problems).to.deep.equal([]);
  });

  it('leave out what may only be missing because a file could not be read', async () => {
    const failures = [fileProblem('lists.yaml', 'No permission to read it.')];
    const options = { context: CONTEXT, knowledge: NO_KNOWLEDGE, onProgress: () => undefined };
    const compiled = await compileFiles(filesOf({ 'a.yaml': USING }), failures, options);
    expect(compiled.image).to.equal(null);
    expect(codes(compiled)).to.deep.equal(['lists.yaml:1 file-unreadable']);
  });

  it('tell how many of them have been read', async () => {
    const told: string[] = [];
    await compileFiles(filesOf({ 'a.yaml': USING, 'b.yaml': LISTS, 'words.txt': 'loan' }), [], {
      context: CONTEXT,
      knowledge: NO_KNOWLEDGE,
      onProgress: (done, total) => told.push(`${done}/${total}`),
    });
    expect(told).to.deep.equal(['1/2', '2/2']);
  });

  /** What may stand in each file; `undefined` is no file. */
  const CHOICES: Readonly<Record<string, readonly (string | undefined)[]>> = {
    'a.yaml': [
      undefined,
      '',
      LISTS,
      'lists:\n  vips: [bob]\nconditions:\n  is-vip: { fact: actor.id, operator: in, value: { list: vips } }\n',
      'conditions:\n  is-vip: { condition: is-vip }\n',
    ],
    'b.yaml': [
      undefined,
      USING,
      `rules:\n${refusing('narrow', 'ann')}${refusing('narrow-too', 'ann')}`,
      'rules: [',
      'rules: 3\nrule: []\n',
    ],
    'c.yaml': [
      undefined,
      `rules:\n${refusing('wide', 'ann', '    priority: 5\n')}`,
      `rules:\n${refusing('narrow', 'bob')}`,
      'rules:\n  - id: vip\n    on: message.send\n    when: { condition: is-vip }\n    then: { allow: true }\n',
      'rules:\n  - id: mask\n    on: message.send\n    when: always\n    then: { rewrite: { message.text: { mask: { list: words } } } }\n',
    ],
    'words.txt': [undefined, 'loan', 'casino\nloan'],
  };
  const folder = fc.record(
    Object.fromEntries(Object.entries(CHOICES).map(([file, texts]) => [file, fc.constantFrom(...texts)])),
  );

  it('come out as if nothing were known, whatever is edited in which order (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(folder, { minLength: 2, maxLength: 6 }), async (states) => {
        let knowledge = NO_KNOWLEDGE;
        for (const state of states) {
          const fresh = await compile(state);
          const next = await compile(state, knowledge);
          expect(next.problems).to.deep.equal(fresh.problems);
          expect(next.image).to.deep.equal(fresh.image);
          ({ knowledge } = next);
        }
      }),
      { numRuns: 150 },
    );
  });

  /** Rules of which some match whenever others do, under the same few IDs. */
  const rule = fc.record<Readonly<Record<string, string | number>>>({
    id: fc.constantFrom('one', 'two', 'three', 'four', 'five'),
    on: fc.constantFrom('message.send', 'message.*'),
    when: fc.constantFrom(
      'always',
      '{ fact: actor.id, operator: equal, value: ann }',
      '{ fact: actor.id, operator: in, value: [ann, bob] }',
      '{ fact: actor.id, operator: startsWith, value: a }',
      '{ all: [ { fact: actor.id, operator: equal, value: ann }, { fact: message.text, operator: contains, value: x } ] }',
    ),
    then: fc.constantFrom('{ refuse: true }', '{ refuse: { message: "No." } }', '{ tag: seen }'),
    priority: fc.constantFrom(0, 5),
    mode: fc.constantFrom('enforce', 'shadow', 'off'),
  });
  /** Puts a rule into a file in place of the one there, before it, or takes that one away. */
  const edit = fc.record({
    file: fc.constantFrom('a.yaml', 'b.yaml'),
    at: fc.nat(4),
    removed: fc.constantFrom(0, 1),
    added: fc.option(rule, { freq: 4 }),
  });
  const textOf = (rules: readonly unknown[]): string =>
    JSON.stringify({ rules }).replaceAll(/"(when|then)":"(.*?)"(?=,"|\})/g, unquoted);

  it('tell the same rules as never reached, however rules are edited and moved (property)', async () => {
    let unreached = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 6, maxLength: 14 }), async (edits) => {
        const rules = { 'a.yaml': [] as unknown[], 'b.yaml': [] as unknown[] };
        let knowledge = NO_KNOWLEDGE;
        for (const { file, at, removed, added } of edits) {
          rules[file].splice(at, removed, ...(added === null ? [] : [added]));
          const state = { 'a.yaml': textOf(rules['a.yaml']), 'b.yaml': textOf(rules['b.yaml']) };
          const fresh = await compile(state);
          const next = await compile(state, knowledge);
          expect(next.problems).to.deep.equal(fresh.problems);
          unreached += fresh.problems.filter(({ code }) => code === 'never-reached').length;
          ({ knowledge } = next);
        }
      }),
      { numRuns: 100 },
    );
    expect(unreached).to.be.above(50);
  });

  it('take the automata of words that are the same, and build the others', async () => {
    const words = (word: string): string => `lists:\n  words: [loan, ${word}]\n`;
    const texts = { 'a.yaml': `rules:\n${refusing('one', 'ann')}`, 'b.yaml': USING, 'c.yaml': words('bet') };
    const first = await compile(texts);
    const same = await compile({ ...texts, 'a.yaml': `rules:\n${refusing('two', 'bob')}` }, first.knowledge);
    const other = await compile({ ...texts, 'c.yaml': words('casino') }, same.knowledge);
    const automatonOf = ({ image }: CompiledFiles): unknown =>
      image!.index.facts.find(({ fact }) => fact === 'message.text')?.folded?.automaton;
    expect(automatonOf(same)).to.equal(automatonOf(first));
    expect(automatonOf(other)).not.to.equal(automatonOf(first));
    const ruleSet = openRuleSet(other.image!);
    expect((await ruleOn(ruleSet, 'message.send', { 'message.text': 'a casino' })).verdict).to.equal(
      'refuse',
    );
  });
});

/** JSON is YAML, and so is YAML in JSON once its quotes are gone. */
function unquoted(_: string, key: string, yaml: string): string {
  return `"${key}":${yaml.replaceAll('\\"', '"')}`;
}
