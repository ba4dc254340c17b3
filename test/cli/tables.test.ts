import { expect } from 'chai';
import { PLATFORM_NAMES } from '../../adapters/index.js';
import { commandRows, eventRows, factRows, operatorRows } from '../../cli/table-rows.js';
import { formatTable, wrap } from '../../cli/table-text.js';
import { FACT_NAMES } from '../../engine/facts.js';
import { KIND_NAMES } from '../../engine/kinds.js';
import { OPERATOR_NAMES } from '../../engine/operators.js';
import { displayWidth } from '../../store/code-frame.js';
import { runCallgate, type Ended } from '../support/process.js';

const run = (...args: readonly string[]): Promise<Ended> => runCallgate(args).ended;

describe('the tables', () => {
  it('have a row for every fact, kind and operator', () => {
    expect(factRows().map(({ fact }) => fact)).to.deep.equal(FACT_NAMES);
    expect(eventRows().map(({ kind }) => kind)).to.deep.equal(KIND_NAMES);
    expect(operatorRows().map(({ operator }) => operator)).to.deep.equal(OPERATOR_NAMES);
  });

  it('name only commands of the platform, kind and stage that are asked for', () => {
    for (const platform of PLATFORM_NAMES) {
      const rows = commandRows({ platform, kinds: ['group.create', 'block.add'], stage: 'before' });
      expect(rows).not.to.be.empty;
      for (const row of rows) {
        expect(row).to.include({ platform, stage: 'before' });
        expect(['group.create', 'block.add']).to.include(row.kind);
      }
    }
  });

  it('name the facts that the commands tell which are asked for', () => {
    const facts = factRows({ platform: 'openim', kinds: ['block.add'] }).map(({ fact }) => fact);
    expect(facts).to.include.members(['actor.id', 'target.id']);
    expect(facts).not.to.include('message.text');
  });

  it('name the kinds that a platform has in a stage', () => {
    const kinds = eventRows({ platform: 'tencent', stage: 'before' }).map(({ kind }) => kind);
    expect(kinds).to.include('message.send').and.not.include('block.add');
  });
});

describe('the text of a table', () => {
  const rows = [
    ['a', 'some words to be wrapped'],
    ['赌博', 'one'],
  ];

  it('is one line a row where the width does not matter', () => {
    expect(formatTable(['name', 'meaning'], rows, Infinity)).to.equal(
      ['NAME  MEANING', 'a     some words to be wrapped', '赌博  one'].join('\n'),
    );
  });

  it('is wrapped between words to fit the terminal', () => {
    expect(formatTable(['name', 'meaning'], rows, 22)).to.equal(
      ['NAME  MEANING', 'a     some words to be', '      wrapped', '赌博  one'].join('\n'),
    );
  });

  it('is never wider than the terminal, unless that is too narrow for anything', () => {
    const data = factRows().map(({ fact, type, meaning }) => [fact, type, meaning]);
    for (const width of [60, 80, 120]) {
      const lines = formatTable(['fact', 'type', 'meaning'], data, width).split('\n');
      expect(Math.max(...lines.map(displayWidth))).to.be.at.most(width);
    }
    expect(formatTable(['fact', 'type', 'meaning'], data, 1)).not.to.equal('');
  });

  it('breaks a word only when it is too long for a line', () => {
    expect(wrap('ab abcdefgh c', 4)).to.deep.equal(['ab', 'abcd', 'efgh', 'c']);
  });
});

describe('callgate commands, events, facts and operators', () => {
  it('print a table', async () => {
    for (const [name, word] of [
      ['commands', 'callbackBeforeAddBlackCommand'],
      ['events', 'block.add'],
      ['facts', 'message.linkDomains'],
      ['operators', 'timeOfDayBetween'],
    ] as const) {
      const { code, stdout } = await run(name);
      expect(stdout, name).to.include(word);
      expect(code).to.equal(0);
    }
  });

  it('print JSON, filtered', async () => {
    const { stdout } = await run('commands', '--kind', 'block.*', '--platform', 'tencent', '--json');
    const rows = JSON.parse(stdout) as readonly { readonly command: string }[];
    expect(rows.map(({ command }) => command)).to.deep.equal([
      'Sns.CallbackBlackListAdd',
      'Sns.CallbackBlackListDelete',
    ]);
  });

  it('say that nothing fits', async () => {
    const { code, stdout } = await run('events', '--kind', 'message.edit', '--platform', 'openim');
    expect(stdout).to.equal('Nothing fits.\n');
    expect(code).to.equal(0);
  });

  it('refuse what does not exist, with the nearest name', async () => {
    const { code, stderr } = await run('facts', '--kind', 'mesage.send');
    expect(stderr).to.include('Did you mean `message.send`?');
    expect(code).to.equal(1);
    expect((await run('facts', '--platform', 'opnim')).code).to.equal(1);
  });
});
