import { expect } from 'chai';
import { factsOf } from '../../../engine/kinds.js';
import { tencent } from '../../../adapters/tencent/index.js';
import { eventOf, read } from './support.js';

const of = (command: string) => tencent.capabilities.find((capability) => capability.command === command)!;

describe('capabilities of Tencent', () => {
  it('exist for every command, eleven of which can refuse', () => {
    expect(tencent.capabilities).to.have.length(61);
    expect(tencent.capabilities.filter(({ refuse }) => refuse)).to.have.length(11);
  });

  it('offer no way to refuse a block', () => {
    const blocks = tencent.capabilities.filter(({ kind }) => kind === 'block.add');
    expect(blocks).to.have.length(1);
    expect(blocks.filter(({ refuse, stage }) => refuse || stage === 'before')).to.deep.equal([]);
  });

  it('discard and rewrite only before messages are sent', () => {
    const able = tencent.capabilities.filter(({ discard, rewrites }) => discard || rewrites.size > 0);
    expect(able.map(({ command }) => command)).to.have.members([
      'C2C.CallbackBeforeSendMsg',
      'Group.CallbackBeforeSendMsg',
      'OfficialAccount.CallbackBeforeSendMsg',
    ]);
    for (const { rewrites } of able) {
      expect([...rewrites]).to.deep.equal(['message.text', 'message.customData']);
    }
  });

  it('refuse single targets where the reply can name them', () => {
    const able = tencent.capabilities.filter(({ refuseTargets }) => refuseTargets);
    expect(able.map(({ command }) => command)).to.have.members([
      'Sns.CallbackPrevFriendAdd',
      'Sns.CallbackPrevFriendResponse',
      'Group.CallbackBeforeInviteJoinGroup',
      'OfficialAccount.CallbackBeforeAddSubscriber',
    ]);
  });

  it("know each command's codes", () => {
    expect(of('C2C.CallbackBeforeSendMsg').codes).to.deep.equal([120_001, 130_000]);
    expect(of('OfficialAccount.CallbackBeforeSendMsg').codes).to.deep.equal([120_001, 130_000]);
    expect(of('Group.CallbackBeforeCreateTopic').codes).to.deep.equal([10_100, 10_200]);
    expect(of('Sns.CallbackPrevFriendAdd').codes).to.deep.equal([38_000, 39_000]);
    expect(of('OfficialAccount.CallbackBeforeAddSubscriber').codes).to.equal(null);
    expect(of('Group.CallbackAfterSendMsg').codes).to.equal(null);
  });

  it('promise only facts of the kind', () => {
    for (const { command, kind, facts } of tencent.capabilities) {
      expect(
        [...facts].filter((fact) => !factsOf(kind).has(fact)),
        command,
      ).to.deep.equal([]);
    }
  });

  it('promise every fact that a sample tells', () => {
    for (const { command, kind, facts } of tencent.capabilities) {
      const event = eventOf(read(command));
      const told = [...factsOf(kind)].filter((fact) => event.facts.get(fact) !== undefined);
      const fromUrl = ['client.ip', 'actor.platform', 'actor.isAdmin'];
      expect(
        told.filter((fact) => !facts.has(fact) && !fromUrl.includes(fact)),
        command,
      ).to.deep.equal([]);
    }
  });

  it('know which commands come without an address or a device in the URL', () => {
    expect(of('State.StateChange').facts).to.include('client.ip').and.to.include('actor.isAdmin');
    expect(of('Alert.RequestOverLimit').facts).to.include('actor.platform').and.not.to.include('client.ip');
    expect(of('Push.OfflinePush').facts).not.to.include('client.ip').and.not.to.include('actor.platform');
  });
});
