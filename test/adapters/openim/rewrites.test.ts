import { expect } from 'chai';
import type { JsonObject } from '../../../adapters/adapter.js';
import type { Rewrite } from '../../../engine/decision.js';
import type { FactName } from '../../../engine/facts.js';
import { ALLOW, allowed, answer, example, refused } from './support.js';

const MODIFY = 'callbackBeforeMsgModifyCommand';
const REMARK = 'callbackBeforeSetFriendRemarkCommand';
const PROFILE_EX = 'callbackBeforeUpdateUserInfoExCommand';

const mask: Rewrite = { edit: (text) => text.replaceAll('bad', '***') };

/** The fields of a reply beyond the plain allow, and the effects that fell short. */
function rewritten(
  body: JsonObject,
  rewrites: Partial<Record<FactName, Rewrite>>,
): [JsonObject, readonly string[]] {
  const reply = answer(body, [allowed(rewrites)]);
  const extra = Object.entries(reply.body).filter(([key]) => !Object.hasOwn(ALLOW, key));
  expect(reply.body).to.include(ALLOW);
  return [Object.fromEntries(extra), reply.shortfalls.map(({ effect }) => effect)];
}

const modify = (contentType: number, content: unknown, changes: JsonObject = {}): JsonObject =>
  example(MODIFY, {
    contentType,
    content: typeof content === 'string' ? content : JSON.stringify(content),
    ...changes,
  });

describe('OpenIM: rewrites', () => {
  describe('of a message', () => {
    it('replace it by a plain text', () => {
      const quote = modify(114, { text: 'bad', quoteMessage: { textElem: { content: 'worse' } } });
      expect(rewritten(quote, { 'message.text': { set: 'removed' } })).to.deep.equal([
        { contentType: 101, content: '{"content":"removed"}' },
        [],
      ]);
      expect(
        rewritten(modify(101, { content: 'bad' }), { 'message.text': { set: 'removed' } }),
      ).to.deep.equal([{ content: '{"content":"removed"}' }, []]);
    });

    it('edit each piece of text in its place and keep the rest', () => {
      const content = {
        text: 'bad @7',
        atUserList: ['7'],
        quoteMessage: { contentType: 110, seq: 4, customElem: { data: '{"n":1,"t":["bad"]}' } },
      };
      const [fields, shortfalls] = rewritten(modify(106, content), { 'message.text': mask });
      expect(shortfalls).to.deep.equal([]);
      expect(Object.keys(fields)).to.deep.equal(['content']);
      expect(JSON.parse(String(fields['content']))).to.deep.equal({
        text: '*** @7',
        atUserList: ['7'],
        quoteMessage: { contentType: 110, seq: 4, customElem: { data: '{"n":1,"t":["***"]}' } },
      });
    });

    it('send nothing when an edit changes nothing', () => {
      expect(rewritten(modify(101, { content: 'good' }), { 'message.text': mask })).to.deep.equal([{}, []]);
      expect(
        rewritten(modify(102, { sourcePicture: { url: 'bad' } }), { 'message.text': mask }),
      ).to.deep.equal([{}, []]);
    });

    it('turn a content that is no JSON object, which the server refuses, into a plain text', () => {
      expect(rewritten(modify(114, 'so bad'), { 'message.text': mask })).to.deep.equal([
        { contentType: 101, content: '{"content":"so ***"}' },
        [],
      ]);
    });

    it('leave a content alone that is nested too deeply to be written, and say so', () => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      const body = modify(101, `{"content":"bad","more":${deep}}`);
      expect(rewritten(body, { 'message.text': mask })).to.deep.equal([{}, ['rewrite message.text']]);
    });

    it('change what is shown of the sender, under the names that the reply has', () => {
      expect(
        rewritten(modify(101, { content: 'hi' }), {
          'actor.nickname': { set: 'Somebody' },
          'actor.faceUrl': { set: '' },
          'message.extra': { set: 'checked' },
        }),
      ).to.deep.equal([{ senderNickname: 'Somebody', senderFaceURL: '', ex: 'checked' }, []]);
    });

    it('never redirect it, and never touch its push text', () => {
      const facts = ['target.id', 'group.id', 'conversation.type', 'message.id', 'push.title'] as const;
      for (const fact of facts) {
        expect(rewritten(modify(101, { content: 'hi' }), { [fact]: { set: 'x' } })).to.deep.equal([
          {},
          [`rewrite ${fact}`],
        ]);
      }
    });

    it('are left to the second question without a complaint', () => {
      for (const command of ['callbackBeforeSendSingleMsgCommand', 'callbackBeforeSendGroupMsgCommand']) {
        const rewrites = { 'message.text': mask, 'actor.nickname': { set: 'x' } };
        expect(rewritten(example(command), rewrites)).to.deep.equal([{}, []]);
        expect(rewritten(example(command), { 'message.media': { set: [] } })[1]).to.deep.equal([
          'rewrite message.media',
        ]);
      }
    });
  });

  describe('of a field', () => {
    it('take the place of the echo', () => {
      const body = example(REMARK, { remark: 'a bad name' });
      expect(rewritten(body, { 'friend.remark': mask })).to.deep.equal([{ remark: 'a *** name' }, []]);
      expect(rewritten(body, { 'friend.remark': { set: 'friend' } })).to.deep.equal([
        { remark: 'friend' },
        [],
      ]);
    });

    it('fall short where the server takes a blank value for unchanged', () => {
      expect(rewritten(example(REMARK), { 'friend.remark': { set: '' } })).to.deep.equal([
        { remark: 'Omar (design)' },
        ['rewrite friend.remark'],
      ]);
      for (const command of ['callbackBeforeSetGroupInfoCommand', 'callbackBeforeSetGroupInfoExCommand']) {
        expect(rewritten(example(command), { 'group.name': { set: '  ' } })[1]).to.deep.equal([
          'rewrite group.name',
        ]);
      }
    });

    it('are not sent where they would crash the server', () => {
      const body = example(PROFILE_EX, { nickName: 'bad', faceURL: null });
      expect(rewritten(body, { 'user.nickname': mask, 'user.faceUrl': { set: 'u' } })).to.deep.equal([
        { nickName: '***' },
        ['rewrite user.faceUrl'],
      ]);
      expect(rewritten(body, { 'user.faceUrl': mask })).to.deep.equal([{}, []]);
      expect(rewritten(body, { 'user.custom': { set: 'x' } })).to.deep.equal([{}, ['rewrite user.custom']]);
    });

    it('write numbers, flags and times in their wire types', () => {
      const conversation = example('callbackBeforeCreateSingleChatConversationsCommand');
      expect(
        rewritten(conversation, {
          'conversation.isPinned': { set: true },
          'conversation.burnDuration': { set: 30 },
        }),
      ).to.deep.equal([{ isPinned: true, burnDuration: 30 }, []]);
      const join = example('callbackBeforeMemberJoinGroupCommand');
      expect(rewritten(join, { 'member.muteUntil': { set: 1_767_700_000_000 } })).to.deep.equal([
        { muteEndTime: 1_767_700_000_000 },
        [],
      ]);
    });

    it('fall short with values of another type', () => {
      const conversation = example('callbackBeforeCreateSingleChatConversationsCommand');
      const wrong: readonly [FactName, Rewrite][] = [
        ['conversation.burnDuration', { set: 1.5 }],
        ['conversation.burnDuration', { set: 2 ** 31 }],
        ['conversation.burnDuration', { set: '30' }],
        ['conversation.isPinned', { set: 1 }],
        ['conversation.custom', { set: ['x'] }],
        ['conversation.burnDuration', mask],
        ['conversation.isPinned', mask],
      ];
      for (const [fact, rewrite] of wrong) {
        expect(rewritten(conversation, { [fact]: rewrite })).to.deep.equal([{}, [`rewrite ${fact}`]]);
      }
      expect(rewritten(modify(101, { content: 'x' }), { 'message.text': { set: 7 } })[1]).to.deep.equal([
        'rewrite message.text',
      ]);
    });

    it('edit nothing where there is no text', () => {
      const body = example('callbackBeforeSetGroupInfoExCommand', { introduction: '' });
      expect(rewritten(body, { 'group.introduction': mask, 'group.faceUrl': mask })[1]).to.deep.equal([]);
      expect(rewritten(body, { 'group.introduction': mask })[0]).to.include({ introduction: '' });
    });

    it('keep the rest of a push text, which would become empty', () => {
      const body = example('callbackBeforeOfflinePushCommand');
      expect(rewritten(body, { 'push.title': { set: 'New' } })).to.deep.equal([
        {
          offlinePushInfo: {
            title: 'New',
            desc: '',
            ex: '',
            iOSPushSound: '+1',
            iOSBadgeCount: true,
            signalInfo: '',
          },
        },
        [],
      ]);
      const { title, desc, ex, iOSPushSound, iOSBadgeCount, signalInfo, ...bare } = body;
      expect([title, desc, ex, iOSPushSound, iOSBadgeCount, signalInfo]).to.have.lengthOf(6);
      expect(rewritten(bare, { 'push.description': { set: 'text' } })[0]).to.deep.equal({
        offlinePushInfo: {
          title: '',
          desc: 'text',
          ex: '',
          iOSPushSound: '',
          iOSBadgeCount: false,
          signalInfo: '',
        },
      });
    });

    it('are dropped with a refusal, without a complaint', () => {
      const ruling = {
        ...refused(),
        rewrites: new Map<FactName, Rewrite>([['friend.remark', { set: 'x' }]]),
      };
      const { body, shortfalls } = answer(example(REMARK), [ruling]);
      expect(body).not.to.have.property('remark');
      expect(shortfalls).to.deep.equal([]);
    });
  });

  describe('with several targets', () => {
    it('amend single new members by their IDs, and never give a role', () => {
      const body = example('callbackBeforeMembersJoinGroupCommand');
      const reply = answer(body, [
        allowed(),
        allowed({
          'member.nickname': { set: 'Newcomer' },
          'member.muteUntil': { set: 5 },
          'member.role': { set: 'owner' },
        }),
      ]);
      expect(reply.body).to.deep.equal({
        ...ALLOW,
        memberCallbackList: [{ userID: '8361940275', nickname: 'Newcomer', muteEndTime: 5 }],
      });
      expect(reply.shortfalls.map(({ effect }) => effect)).to.deep.equal(['rewrite member.role']);
    });

    it('change single accounts within the whole list', () => {
      const body = example('callbackBeforeUserRegisterCommand');
      const reply = answer(body, [allowed(), allowed({ 'user.nickname': { set: 'T.' } })]);
      const [first, second] = body['users'] as JsonObject[];
      expect(reply.body).to.deep.equal({ ...ALLOW, users: [first, { ...second, nickname: 'T.' }] });
    });

    it('of which one is refused drop the rewrites of that one', () => {
      const body = example('callbackBeforeUserRegisterCommand');
      const refusal = {
        ...refused(),
        rewrites: new Map<FactName, Rewrite>([['user.nickname', { set: 'x' }]]),
      };
      const { body: reply, shortfalls } = answer(body, [refusal, allowed()]);
      expect(reply['users']).to.deep.equal([(body['users'] as JsonObject[])[1]]);
      expect(shortfalls).to.deep.equal([]);
    });

    it('write a field of the event once, and say where the targets differ', () => {
      const body = example('callbackBeforeCreateGroupCommand');
      const name = (set: string) => allowed({ 'group.name': { set } });
      expect(answer(body, [name('A'), allowed(), name('A')])).to.deep.equal({
        body: { ...ALLOW, groupName: 'A' },
        shortfalls: [],
      });
      const differing = answer(body, [name('A'), name('B'), name('C')]);
      expect(differing.body).to.include({ groupName: 'A' });
      expect(differing.shortfalls.map(({ effect }) => effect)).to.deep.equal(['rewrite group.name']);
    });
  });
});
