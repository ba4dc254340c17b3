import { expect } from 'chai';
import type { JsonObject } from '../../../adapters/adapter.js';
import type { Dialect } from '../../../adapters/openim/app.js';
import type { Ruling } from '../../../engine/decision.js';
import { adapter, allowed, decision, eventOf, refused, request } from './support.js';

/** The replies' codes, as each dialect writes them. */
const CODES = {
  server: { allow: { actionCode: 0, nextCode: 0 }, refuse: { actionCode: 0, nextCode: 1 } },
  documented: { allow: { actionCode: 0, nextCode: '0' }, refuse: { actionCode: 1, nextCode: '1' } },
} as const;

const NO_ERROR = { errCode: 0, errMsg: '', errDlt: '' };
const REFUSAL = { reason: 1, message: 'Not possible.', detail: 'rule 12' };
const ERROR = { errCode: 5001, errMsg: 'Not possible.', errDlt: 'rule 12' };

function reply(dialect: Dialect, body: JsonObject, ...rulings: readonly Ruling[]): JsonObject {
  const gate = adapter(dialect);
  const query = `command=${String(body['callbackCommand'])}&contenttype=json`;
  const callback = gate.read(request({ query, body }));
  expect(eventOf(callback).stage).to.equal('before');
  return gate.render(callback, decision(...rulings)).body;
}

for (const dialect of ['server', 'documented'] as const) {
  const { allow, refuse } = CODES[dialect];

  describe(`OpenIM: the documented flows, dialect ${dialect}`, () => {
    for (const callbackCommand of ['addBlackCommand', 'callbackBeforeAddBlackCommand']) {
      const body = { callbackCommand, ownerUserID: 'user123', blackUserID: 'user456' };

      it(`${callbackCommand}: a block is allowed`, () => {
        expect(reply(dialect, body, allowed())).to.deep.equal({ ...allow, ...NO_ERROR });
      });

      it(`${callbackCommand}: a block is refused`, () => {
        expect(reply(dialect, body, refused(REFUSAL))).to.deep.equal({ ...refuse, ...ERROR });
      });
    }

    for (const callbackCommand of ['ImportFriendReqBeforeCommand', 'callbackBeforeImportFriendsCommand']) {
      const body = { callbackCommand, ownerUserID: 'user123', friendUserIDs: ['a', 'b', 'c'] };

      it(`${callbackCommand}: an import is allowed`, () => {
        expect(reply(dialect, body, allowed(), allowed(), allowed())).to.deep.equal({
          ...allow,
          ...NO_ERROR,
        });
      });

      it(`${callbackCommand}: an import is refused`, () => {
        const echo =
          dialect === 'documented' ? { ownerUserID: 'user123', friendUserIDs: ['a', 'b', 'c'] } : {};
        const all = [refused(REFUSAL), refused(), refused()];
        expect(reply(dialect, body, ...all)).to.deep.equal({ ...refuse, ...ERROR, ...echo });
      });

      it(`${callbackCommand}: only some friends are let through`, () => {
        expect(reply(dialect, body, allowed(), refused(REFUSAL), allowed())).to.deep.equal({
          ...allow,
          ...NO_ERROR,
          friendUserIDs: ['a', 'c'],
        });
      });
    }

    describe('callbackBeforeSetFriendRemarkCommand', () => {
      const body = {
        callbackCommand: 'callbackBeforeSetFriendRemarkCommand',
        ownerUserID: 'user123',
        friendUserID: 'user456',
        remark: 'that idiot',
      };

      it('a remark is allowed and repeated', () => {
        expect(reply(dialect, body, allowed())).to.deep.equal({
          ...allow,
          ...NO_ERROR,
          remark: 'that idiot',
        });
      });

      it('a remark is refused', () => {
        expect(reply(dialect, body, refused(REFUSAL))).to.deep.equal({ ...refuse, ...ERROR });
      });

      it('a word of the remark is masked', () => {
        const masked = allowed({ 'friend.remark': { edit: (text) => text.replace('idiot', '*****') } });
        expect(reply(dialect, body, masked)).to.deep.equal({ ...allow, ...NO_ERROR, remark: 'that *****' });
      });
    });
  });
}
