import { expect } from 'chai';
import { parse } from 'yaml';
import { blindSpotsOf, capabilitiesOf, PLATFORM_NAMES, type PlatformName } from '../../adapters/index.js';
import { parseFolder } from '../../engine/compile.js';
import { needsOf, type Needs } from '../../cli/webhooks/needs.js';
import { readJsonFixture } from '../support/paths.js';

function needs(platform: PlatformName, text: string): Needs {
  const problems: unknown[] = [];
  const { rules, memory } = parseFolder(
    { documents: [{ file: 'r.yaml', data: parse(text) as unknown }], texts: new Map() },
    { capabilities: PLATFORM_NAMES.flatMap(capabilitiesOf), platforms: PLATFORM_NAMES },
    (problem) => problems.push(problem),
  );
  expect(problems).to.deep.equal([]);
  return needsOf(platform, rules, memory);
}

const rule = (id: string, on: string, more = '', when = 'always', then = '{ tag: x }') =>
  `  - { id: ${id}, on: ${on}, when: ${when}, then: ${then}${more} }\n`;

const switchesOf = ({ switches }: Needs) => switches.map(({ name, rules }) => [name, rules]);

describe('the callbacks that rules need', () => {
  it('have the switches that the platforms document', () => {
    const documented = readJsonFixture('catalog', 'switches.json') as Record<
      string,
      Record<string, string | null>
    >;
    for (const platform of PLATFORM_NAMES) {
      const ours = capabilitiesOf(platform).map((row) => [row.command, row.switch ?? null]);
      expect(Object.fromEntries(ours)).to.deep.equal(documented[platform]);
    }
  });

  it('are those of their kinds and stages, with the rules in judging order', () => {
    const text = `rules:\n${rule('late', 'block.add')}${rule('first', 'block.add', ', priority: 5')}${rule(
      'asked',
      'block.add',
      ', stage: before',
    )}`;
    expect(switchesOf(needs('openim', text))).to.deep.equal([['beforeAddBlack', ['first', 'late', 'asked']]]);
    expect(switchesOf(needs('tencent', text))).to.deep.equal([
      ['Sns.CallbackBlackListAdd', ['first', 'late']],
    ]);
  });

  it('are needed by shadow rules, and not by rules that are off', () => {
    const text = `rules:\n${rule('s', 'block.add', ', mode: shadow')}${rule('o', 'friend.request', ', mode: "off"')}`;
    expect(switchesOf(needs('openim', text))).to.deep.equal([['beforeAddBlack', ['s']]]);
  });

  it('are not needed where a rule cannot match: on another platform, or without the facts that it wants', () => {
    const text = `rules:
${rule('theirs', 'block.add', '', '{ fact: platform, operator: equal, value: tencent }')}
${rule('addressed', 'group.join', ', stage: before', '{ fact: client.ip, operator: inCidr, value: [192.0.2.0/24] }')}`;
    expect(switchesOf(needs('openim', text))).to.deep.equal([]);
    expect(switchesOf(needs('tencent', text))).to.deep.equal([
      ['Sns.CallbackBlackListAdd', ['theirs']],
      ['Group.CallbackBeforeApplyJoinGroup', ['addressed']],
    ]);
  });

  it('contain the second question about a message only where a rule rewrites it', () => {
    const verdict = `rules:\n${rule('no', 'message.send', '', 'always', '{ refuse: true }')}`;
    expect(needs('openim', verdict).switches.map(({ name }) => name)).to.deep.equal([
      'beforeSendSingleMsg',
      'beforeSendGroupMsg',
    ]);
    const both = `${verdict}${rule('mask', 'message.send', '', 'always', '{ rewrite: { message.text: { set: "" } } }')}`;
    expect(switchesOf(needs('openim', both)).at(-1)).to.deep.equal(['beforeMsgModify', ['mask']]);
  });

  it('contain those that feed the counters of rules, where they tell what is counted', () => {
    const text = `
counters:
  blocked_by: { on: block.add, stage: any, by: [platform, target.id], distinct: actor.id, window: 7d }
  invitations: { on: group.invite, by: [actor.id], window: 1h }
  unread: { on: group.create, by: [actor.id], window: 1h }
rules:
${rule('unwelcome', 'friend.request', '', '{ fact: count.blocked_by, by: [platform, actor.id], operator: greaterThan, value: 9 }', '{ refuse: true }')}
${rule('inviting', 'friend.request', '', '{ fact: label.x, operator: equal, value: true }', '{ refuse: { message: "{{count.invitations}}" } }')}`;
    expect(switchesOf(needs('openim', text))).to.deep.equal([
      ['beforeAddFriend', ['unwelcome', 'inviting']],
      ['beforeAddBlack', ['unwelcome']],
    ]);
    expect(switchesOf(needs('tencent', text))).to.deep.equal([
      ['Sns.CallbackPrevFriendAdd', ['unwelcome', 'inviting']],
      ['Sns.CallbackBlackListAdd', ['unwelcome']],
      ['Group.CallbackBeforeInviteJoinGroup', ['inviting']],
    ]);
  });

  it('tell which others a shared switch turns on', () => {
    const [group] = needs('tencent', `rules:\n${rule('g', 'group.create', ', stage: before')}`).switches;
    expect(group).to.deep.include({
      name: 'Group.CallbackBeforeCreateGroup',
      commands: ['Group.CallbackBeforeCreateGroup'],
      others: ['Group.CallbackBeforeCreateTopic'],
    });
    const [topic] = needs('tencent', `rules:\n${rule('t', 'topic.create', ', stage: before')}`).switches;
    expect(topic).to.deep.include({
      name: 'Group.CallbackBeforeCreateGroup',
      commands: ['Group.CallbackBeforeCreateTopic'],
      others: ['Group.CallbackBeforeCreateGroup'],
    });
  });

  it('come with what no callback shows to a rule, and why', () => {
    const text = `rules:
${rule('asks', 'block.add', '', 'always', '{ refuse: true }')}
${rule('edits', 'message.edit')}
${rule('reports', 'block.add', ', stage: after')}
${rule('addressed', 'group.join', ', stage: before', '{ fact: client.ip, operator: exists, value: true }')}
${rule('theirs', 'follow.add', '', '{ fact: platform, operator: equal, value: tencent }')}
${rule('anything', '"*"')}`;
    expect(needs('openim', text).unseen).to.deep.equal([
      { rule: 'edits', kind: 'message.edit', reason: 'no callback tells of it' },
      { rule: 'reports', kind: 'block.add', reason: 'asked before the event only' },
      { rule: 'addressed', kind: 'group.join', reason: 'no callback tells client.ip' },
    ]);
    expect(needs('tencent', text).unseen).to.deep.equal([
      { rule: 'asks', kind: 'block.add', reason: 'reported after the event only' },
    ]);
  });

  it('come with the blind spots of what is needed, and no others', () => {
    expect(needs('openim', 'rules: []').blindSpots).to.deep.equal([]);
    const { blindSpots } = needs('openim', `rules:\n${rule('b', 'block.add')}`);
    expect(blindSpots.some((text) => text.includes('blocking and unblocking'))).to.equal(true);
    expect(blindSpots.some((text) => text.includes('contentType'))).to.equal(false);
    for (const platform of PLATFORM_NAMES) {
      const everything = needs(platform, `rules:\n${rule('all', '"*"', ', stage: any')}`);
      expect(everything.blindSpots).to.deep.equal(blindSpotsOf(platform).map(({ text }) => text));
    }
  });
});
