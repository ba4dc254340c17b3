import { createHash, type Hash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { packDocument } from '../../engine/image/document.js';
import { decodeJson } from '../../engine/shared-memory.js';
import type { RuleSetImage } from '../../engine/image/image.js';
import { openInSteps, openRuleSet } from '../../engine/image/open.js';
import { createList, isLiveImage, openList, packList } from '../../engine/list.js';
import { openTextSet, packTextSet, textsOfSet } from '../../engine/text-set.js';
import type { RuleDocument } from '../../engine/rule-set.js';
import { compileFiles, NO_KNOWLEDGE } from '../../store/compile-files.js';
import { compileYaml, LENIENT, ruleOn, STRICT } from '../support/rules.js';
import { CONTEXT, filesOf, refusing } from './rule-files.js';

async function imageOf(texts: Readonly<Record<string, string>>): Promise<RuleSetImage> {
  const options = { context: CONTEXT, knowledge: NO_KNOWLEDGE, onProgress: () => undefined };
  const { image, problems } = await compileFiles(filesOf(texts), [], options);
  expect(problems).to.deep.equal([]);
  return image!;
}

const MANY = Array.from({ length: 1200 }, (_, number) => refusing(`rule-${number}`, `user-${number}`)).join(
  '',
);

describe('image of a rule set', () => {
  it('survives the way to another thread', async () => {
    const image = await imageOf({
      'a.yaml': `lists:\n  vips: [ann, bob]\n  words: [loan]\nrules:
  - id: words
    on: message.send
    when: { all: [ { condition: outsider }, { fact: message.text, operator: containsAny, value: { list: words } } ] }
    then: { refuse: true }
`,
      'b.yaml': 'conditions:\n  outsider: { not: { fact: actor.id, operator: in, value: { list: vips } } }\n',
    });
    const ruleSet = openRuleSet(structuredClone(image));
    const verdictOn = async (actor: string, text: string): Promise<string> =>
      (await ruleOn(ruleSet, 'message.send', { 'actor.id': actor, 'message.text': text })).verdict;
    expect(await verdictOn('zoe', 'a LOAN')).to.equal('refuse');
    expect(await verdictOn('ann', 'a LOAN')).to.equal('allow');
    expect(await verdictOn('zoe', 'hello')).to.equal('allow');
  });

  it('opens in many steps, and is nothing before the last', async () => {
    const steps = openInSteps(await imageOf({ 'a.yaml': `rules:\n${MANY}` }));
    let count = 0;
    for (;;) {
      const { done, value } = steps.next();
      if (done === true) {
        expect(value.rules.map(({ id }) => id)).to.deep.equal(
          Array.from({ length: 1200 }, (_, number) => `rule-${number}`),
        );
        break;
      }
      expect(value).to.equal(undefined);
      count += 1;
    }
    expect(count).to.be.at.least(3);
  });

  it('has the hash of the files as its revision, whatever order they come in', async () => {
    const documents = [
      { file: 'a.yaml', data: { lists: { vips: ['ä'] } } },
      { file: 'a/b.yaml', data: null },
    ];
    const texts = { 'words.txt': 'x\n' };
    const sha256 = (text: string): Hash => createHash('sha256').update(text);
    const parts = [...documents.map(({ file, data }) => [file, data]), ...Object.entries(texts)]
      .map((part) => JSON.stringify(part))
      .sort();
    const whole = sha256(parts.map((part) => `${sha256(part).digest('base64')}\n`).join(''));
    const { ruleSet } = await compileYaml({ 'a/b.yaml': '', 'a.yaml': 'lists: { vips: [ä] }' }, { texts });
    expect(ruleSet?.revision).to.equal(whole.digest('hex').slice(0, 12));
  });

  it('fails as the policy says, and says so, where its bytes were damaged', async () => {
    const image = await imageOf({ 'a.yaml': `rules:\n${refusing('one', 'ann')}${refusing('two', 'bob')}` });
    const [document] = image.documents;
    document?.json.fill(0, document.rules[0], document.rules[1]);
    const ruleSet = openRuleSet(image);
    const strict = await ruleSet.decide(
      {
        kind: 'message.send',
        stage: 'before',
        facts: new Map([['actor.id', 'ann']]),
        targets: [],
      },
      STRICT,
    );
    expect(strict.rulings[0]).to.include({ verdict: 'refuse', decidedBy: 'one' });
    const lenient = await ruleOn(ruleSet, 'message.send', { 'actor.id': 'ann' }, LENIENT);
    expect(lenient.verdict).to.equal('allow');
    expect(lenient.errors).to.deep.equal([{ rule: 'one', message: 'the rule one could not be read' }]);
    expect((await ruleOn(ruleSet, 'message.send', { 'actor.id': 'bob' })).decidedBy).to.equal('two');
  });
});

describe('packed rule file', () => {
  const json = fc.jsonValue() as fc.Arbitrary<unknown>;
  const data = fc.oneof(
    json,
    fc.record({ rules: fc.array(json), lists: json, conditions: json, other: json }, { requiredKeys: [] }),
  );

  it('is the JSON of the file, with every rule where it says (property)', () => {
    fc.assert(
      fc.property(fc.string(), data, (file, some) => {
        const document: RuleDocument = { file, data: JSON.parse(JSON.stringify(some)) as unknown };
        const { json: bytes, rules } = packDocument(document, () => undefined);
        expect(new TextDecoder().decode(bytes)).to.equal(JSON.stringify([file, document.data]));
        const found = Array.from({ length: rules.length / 2 }, (_, index) =>
          decodeJson(bytes, rules[index * 2], rules[index * 2 + 1]),
        );
        const list = (document.data as { rules?: unknown } | null)?.rules;
        expect(found).to.deep.equal(Array.isArray(list) && !Array.isArray(document.data) ? list : []);
      }),
    );
  });
});

describe('packed list', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '赌', '\n', '😀'), maxLength: 4 });

  it('has the entries it was made of, and no others (property)', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 40 }), fc.array(text), (entries, others) => {
        const image = packTextSet(entries);
        const set = openTextSet(image);
        expect(textsOfSet(image)).to.deep.equal(entries);
        for (const some of [...entries, ...others]) expect(set.has(some)).to.equal(entries.includes(some));
      }),
    );
  });

  for (const hasWords of [true, false]) {
    it(`finds its entries in texts ${hasWords ? 'with' : 'without'} an automaton that came along`, () => {
      const packed = packList(createList('words', ['loan', '赌博']), hasWords ? ['words'] : []);
      if (isLiveImage(packed)) throw new Error('a list with entries is not live');
      const list = openList(structuredClone(packed));
      expect(list.words.occursIn('a LOAN')).to.equal(true);
      expect(list.words.mask('赌博!', '*')).to.equal('**!');
      expect(list.words.occursIn('nothing')).to.equal(false);
      expect(list.entries).to.deep.equal(['loan', '赌博']);
    });
  }
});
