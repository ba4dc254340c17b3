import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { factDefinition, FACT_NAMES, type FactName, type FactType } from '../../engine/facts.js';
import { KIND_NAMES } from '../../engine/kinds.js';
import { OPERATOR_NAMES, operatorDefinition, type OperatorName } from '../../engine/operators.js';
import { OPERANDS } from '../../engine/operand.js';
import type { ProblemCode } from '../../engine/problem.js';
import { EXAMPLE_CODES, filesOf, type Side } from '../../scripts/problem-fixtures.js';
import { schemaFiles } from '../../scripts/schema.js';
import { readYaml } from '../../store/yaml-file.js';
import { projectRoot } from '../support/paths.js';

const folder = join(projectRoot, 'docs', 'schema');

function validatorOf(name: string): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    strictRequired: false,
    strictTypes: false,
    keywords: ['markdownDescription'],
  });
  return ajv.compile(JSON.parse(readFileSync(join(folder, name), 'utf8')) as object);
}

const validators = {
  rules: validatorOf('rules.schema.json'),
  config: validatorOf('config.schema.json'),
};

/** What a validator complains about in a YAML text. */
function complaints(what: keyof typeof validators, text: string): readonly string[] {
  const { data, problems } = readYaml('file.yaml', text);
  expect(problems).to.deep.equal([]);
  const validate = validators[what];
  if (validate(data)) return [];
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}

const SHIPPED = readdirSync(join(projectRoot, 'rules')).filter(
  (name) => name.endsWith('.yaml') && !name.endsWith('.test.yaml'),
);

/** Mistakes that a schema can see. The others need other files, other rules, or the apps. */
const VISIBLE: ReadonlySet<ProblemCode> = new Set([
  'unknown-key',
  'missing-key',
  'wrong-type',
  'wrong-value',
  'empty-group',
  'unknown-kind',
  'unknown-fact',
  'unknown-operator',
  'operator-for-fact',
  'wrong-operand',
  'stage-without-verdict',
]);
/** Mistakes for which there is no data to look at. */
const UNREADABLE: ReadonlySet<ProblemCode> = new Set(['yaml-syntax', 'duplicate-key', 'too-large']);

function complaintsOfExample(code: ProblemCode, side: Side): readonly string[] {
  return filesOf(code, side)
    .filter(({ file }) => file.endsWith('.yaml'))
    .flatMap(({ file, text }) => complaints(file === 'config.yaml' ? 'config' : 'rules', text));
}

describe('the published schemas', () => {
  for (const [name, text] of schemaFiles()) {
    it(`${name} is up to date (else run \`npm run docs\`)`, () => {
      expect(readFileSync(join(folder, name), 'utf8')).to.equal(text);
    });
  }

  it('are all there is in docs/schema', () => {
    expect(readdirSync(folder).sort()).to.deep.equal([...schemaFiles().keys()].sort());
  });

  it('are named in every shipped file, so that editors find them', () => {
    const rules = SHIPPED.map((name) => readFileSync(join(projectRoot, 'rules', name), 'utf8'));
    for (const text of rules) {
      expect(text).to.match(/^# yaml-language-server: \$schema=\.\.\/docs\/schema\/rules\.schema\.json\n/);
    }
    expect(readFileSync(join(projectRoot, 'config.yaml'), 'utf8')).to.match(
      /^# yaml-language-server: \$schema=docs\/schema\/config\.schema\.json\n/,
    );
  });

  describe('on the shipped files', () => {
    for (const name of SHIPPED) {
      it(`have nothing against rules/${name}`, () => {
        const text = readFileSync(join(projectRoot, 'rules', name), 'utf8');
        expect(complaints('rules', text)).to.deep.equal([]);
      });
    }

    it('have nothing against config.yaml', () => {
      const text = readFileSync(join(projectRoot, 'config.yaml'), 'utf8');
      expect(complaints('config', text)).to.deep.equal([]);
    });
  });

  describe('on the examples of problems', () => {
    for (const code of EXAMPLE_CODES) {
      it(`have nothing against the good one of ${code}`, () => {
        expect(complaintsOfExample(code, 'good')).to.deep.equal([]);
      });
      if (UNREADABLE.has(code)) continue;
      it(`${VISIBLE.has(code) ? 'find' : 'cannot see'} the mistake of ${code}`, () => {
        expect(complaintsOfExample(code, 'bad').length > 0).to.equal(VISIBLE.has(code));
      });
    }
  });

  const leaf = (fact: FactName, operator: string, value: string): readonly string[] =>
    complaints(
      'rules',
      `rules: [{ id: r, on: '*', when: { fact: ${fact}, operator: ${operator}, value: ${value} }, then: { tag: x } }]`,
    );

  /** A value as the operator wants it for a fact of the type. */
  const VALUES: Readonly<Record<FactType, string>> = {
    string: 'alice',
    number: '5',
    boolean: 'true',
    time: '"2026-01-03T15:30:00Z"',
    strings: '[a]',
  };
  const valueFor = (operator: OperatorName, type: FactType): string => {
    const { operand } = operatorDefinition(operator);
    if (operand === 'same' || operand === 'order') return VALUES[type];
    if (operand === 'members') return `[${VALUES[type]}]`;
    return OPERANDS[operand].example;
  };
  const factOf = (type: FactType): FactName => FACT_NAMES.find((name) => factDefinition(name).type === type)!;
  const TYPES = [...new Set(FACT_NAMES.map((name) => factDefinition(name).type))];

  describe('on conditions', () => {
    for (const operator of OPERATOR_NAMES) {
      it(`take ${operator} for the facts that it can look at, with the value that it wants, and nothing else`, () => {
        for (const type of TYPES) {
          const fact = factOf(type);
          const isAble = operatorDefinition(operator).facts.includes(type);
          expect(leaf(fact, operator, valueFor(operator, type)).length === 0, fact).to.equal(isAble);
          if (isAble) expect(leaf(fact, operator, '{ some: thing }'), fact).not.to.be.empty;
        }
      });
    }

    it('take another fact of the right type to compare with', () => {
      expect(leaf('actor.id', 'equal', '{ fact: target.id }')).to.be.empty;
      expect(leaf('actor.id', 'equal', '{ fact: message.seq }')).not.to.be.empty;
      expect(leaf('actor.id', 'in', '{ fact: target.ids }')).to.be.empty;
      expect(leaf('message.text', 'matches', '{ fact: actor.id }')).not.to.be.empty;
    });

    it('take a list where the operator does', () => {
      expect(leaf('actor.id', 'in', '{ list: banned }')).to.be.empty;
      expect(leaf('actor.id', 'equal', '{ list: banned }')).not.to.be.empty;
      expect(leaf('message.seq', 'in', '{ list: banned }')).not.to.be.empty;
    });

    it('take no two groups in one place', () => {
      const both = '{ all: [{ condition: a }], any: [{ condition: b }] }';
      expect(complaints('rules', `conditions: { c: ${both} }`)).not.to.be.empty;
    });
  });

  it('know every kind and no other', () => {
    const on = (kind: string): readonly string[] =>
      complaints('rules', `rules: [{ id: r, on: '${kind}', when: always, then: { tag: x } }]`);
    for (const kind of [...KIND_NAMES, '*', 'message.*', 'group.member.*'])
      expect(on(kind), kind).to.be.empty;
    for (const kind of ['mesage.send', 'message', 'message.send.*', '.*', ''])
      expect(on(kind), kind).not.to.be.empty;
  });

  it('describe every fact, kind and operator for those who hover over it', () => {
    const schema = readFileSync(join(folder, 'rules.schema.json'), 'utf8');
    for (const name of [...FACT_NAMES, ...KIND_NAMES, ...OPERATOR_NAMES]) {
      expect(schema).to.match(
        new RegExp(
          `"description": "[^\\n]+",\\n\\s+"markdownDescription": "[^\\n]+",\\n\\s+"const": "${name.replaceAll('.', '\\.')}"`,
        ),
      );
    }
  });

  it('take variables of the environment where config.yaml has numbers and words', () => {
    const config = (settings: string): readonly string[] =>
      complaints('config', `apps: [{ id: a, platform: openim, path: /a, ${settings} }]`);
    expect(config("deadline: '${DEADLINE:-900}', default: '${DEFAULT}'")).to.be.empty;
    expect(config('deadline: 1500')).to.be.empty;
    expect(config('deadline: 15')).not.to.be.empty;
    expect(config('deadlin: 1500')).not.to.be.empty;
    expect(config('default: maybe')).not.to.be.empty;
    expect(config('sdkAppId: 1400000000')).not.to.be.empty;
  });
});
