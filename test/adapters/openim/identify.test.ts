import { expect } from 'chai';
import type { Callback, FailureCause, WireRequest } from '../../../adapters/adapter.js';
import { OPENIM_ROWS } from '../../../adapters/openim/commands.js';
import { ALLOW, adapter, decision, eventOf, example, readBody, refused, request } from './support.js';

const BLOCK = 'callbackBeforeAddBlackCommand';
const UNBLOCK = 'callbackAfterRemoveBlackCommand';
const block = { ownerUserID: 'user123', blackUserID: 'user456' };

const read = (parts: Parameters<typeof request>[0]): Callback => adapter().read(request(parts));

function causeOf(callback: Callback): FailureCause | undefined {
  return callback.outcome.type === 'failure' ? callback.outcome.failure.cause : undefined;
}

describe('OpenIM: which command a request is about', () => {
  describe('is said', () => {
    const forms: readonly [string, Parameters<typeof request>[0]][] = [
      ['by the body alone', { body: { ...block, callbackCommand: BLOCK } }],
      ['by the path alone', { subpath: BLOCK, body: block }],
      ['by the parameter alone', { query: `command=${BLOCK}`, body: block }],
      ['by the parameter beside contenttype', { query: `command=${BLOCK}&contenttype=json`, body: block }],
      ['by body and path alike', { subpath: BLOCK, body: { ...block, callbackCommand: BLOCK } }],
      [
        'by body and parameter alike',
        { query: `command=${BLOCK}`, body: { ...block, callbackCommand: BLOCK } },
      ],
      ['by a path with the key of the main branch', { subpath: BLOCK, query: 'key=eyJ9', body: block }],
      ['by a path glued onto a parameter', { query: `command=x/${BLOCK}`, body: block }],
      [
        'by the path when the body has an empty name',
        { subpath: BLOCK, body: { ...block, callbackCommand: '' } },
      ],
      ['by the path when the body has null', { subpath: BLOCK, body: { ...block, callbackCommand: null } }],
    ];
    for (const [name, parts] of forms) {
      it(name, () => {
        const callback = read(parts);
        expect(callback).to.include({ command: BLOCK, stage: 'before' });
        expect(eventOf(callback)).to.include({ kind: 'block.add', stage: 'before' });
      });
    }
  });

  it('knows every command by each of its names, and no name twice', () => {
    const names = OPENIM_ROWS.flatMap((row) => [row.command, ...(row.aliases ?? [])]);
    expect(OPENIM_ROWS).to.have.lengthOf(53);
    expect(new Set(names).size).to.equal(names.length);
    for (const row of OPENIM_ROWS) {
      for (const name of [row.command, ...(row.aliases ?? [])]) {
        expect(readBody(example(row.command, { callbackCommand: name })), name).to.deep.include({
          command: row.command,
          wireCommand: name,
          stage: row.stage,
        });
      }
    }
  });

  it('takes a documented name and the current one for the same', () => {
    const callback = read({ subpath: 'addBlackCommand', body: { ...block, callbackCommand: BLOCK } });
    expect(callback).to.include({ command: BLOCK, wireCommand: BLOCK });
    expect(eventOf(callback).kind).to.equal('block.add');
  });

  it('takes the friend import without a stage in its name for the question', () => {
    const body = example('callbackBeforeImportFriendsCommand', {
      callbackCommand: 'ImportFriendReqBeforeCommand',
    });
    expect(readBody(body)).to.include({ command: 'callbackBeforeImportFriendsCommand', stage: 'before' });
  });

  it('minds letter case', () => {
    expect(read({ subpath: BLOCK.toLowerCase(), body: block }).outcome.type).to.equal('unknown-command');
  });

  describe('when the documentation has one name for three pushes', () => {
    const push = { callbackCommand: 'callbackBeforePushCommand', sendID: 'a', content: '', contentType: 101 };
    const cases: readonly [string, object][] = [
      ['callbackBeforeGroupOnlinePushCommand', { ...push, groupID: 'g' }],
      ['callbackBeforeOfflinePushCommand', { ...push, userIDList: ['b'], title: 'New' }],
      ['callbackBeforeOnlinePushCommand', { ...push, userIDList: ['b'] }],
    ];
    for (const [command, body] of cases) {
      it(`takes it for ${command} by its fields`, () => {
        expect(readBody(body)).to.include({ command, wireCommand: 'callbackBeforePushCommand' });
        expect(read({ subpath: command, body })).to.deep.include({
          command,
          wireCommand: 'callbackBeforePushCommand',
        });
        expect(eventOf(read({ subpath: command, body })).kind).to.match(/^push\./);
      });
    }
  });

  describe('cannot be said', () => {
    const failures: readonly [
      FailureCause,
      string,
      Partial<Omit<WireRequest, 'query'>> & { query?: string },
    ][] = [
      ['no-command', 'when nobody names one', { body: block }],
      [
        'contradicting-command',
        'when path and body differ',
        { subpath: UNBLOCK, body: { ...block, callbackCommand: BLOCK } },
      ],
      [
        'contradicting-command',
        'when parameter and body differ',
        { query: `command=${UNBLOCK}`, body: { ...block, callbackCommand: BLOCK } },
      ],
      [
        'contradicting-command',
        'when path and parameter differ',
        { subpath: BLOCK, query: `command=${UNBLOCK}`, body: block },
      ],
      [
        'contradicting-command',
        'when only one of two is known',
        { subpath: 'nonsense', body: { ...block, callbackCommand: BLOCK } },
      ],
      [
        'wrong-path',
        'below a command',
        { subpath: `v1/${BLOCK}`, body: { ...block, callbackCommand: BLOCK } },
      ],
      ['wrong-method', 'by a GET', { method: 'GET', subpath: BLOCK, body: undefined }],
      ['bad-field', 'by a number', { subpath: BLOCK, body: { ...block, callbackCommand: 7 } }],
      ['unreadable-body', 'in an array', { subpath: BLOCK, body: [block] }],
      ['unreadable-body', 'in null', { subpath: BLOCK, body: null }],
      [
        'body-too-large',
        'in a body that was not read',
        { subpath: BLOCK, body: undefined, bodyFailure: { cause: 'body-too-large', message: 'over 1 MiB' } },
      ],
    ];
    for (const [cause, when, parts] of failures) {
      it(`${when} (${cause})`, () => {
        expect(causeOf(read(parts))).to.equal(cause);
      });
    }

    it('but a command that nobody knows is no contradiction when both say it', () => {
      const callback = read({ subpath: 'callbackNew', body: { callbackCommand: 'callbackNew' } });
      expect(callback).to.deep.include({
        wireCommand: 'callbackNew',
        stage: 'before',
        outcome: { type: 'unknown-command' },
      });
      expect(callback.command).to.equal(undefined);
    });

    it('for names that only the documentation has', () => {
      for (const name of ['setUserStatusAfterCommand', 'callbackSendGroupMsgErrorCommand']) {
        expect(readBody({ callbackCommand: name }).outcome.type).to.equal('unknown-command');
      }
    });

    it('for names that every object has', () => {
      for (const name of ['__proto__', 'constructor', 'toString']) {
        expect(readBody({ callbackCommand: name }).outcome.type).to.equal('unknown-command');
      }
    });
  });

  it('still knows an after-callback whose body is lost, and does not refuse it', () => {
    const bodyFailure = { cause: 'unreadable-body', message: 'not JSON' } as const;
    const callback = read({ subpath: UNBLOCK, body: undefined, bodyFailure });
    expect(callback).to.deep.include({ command: UNBLOCK, stage: 'after', body: {} });
    expect(adapter().render(callback, decision(refused())).body).to.deep.equal(ALLOW);
  });

  describe('and which fields it lacks', () => {
    it('names a missing identity', () => {
      const callback = readBody({ callbackCommand: BLOCK, ownerUserID: 'user123' });
      expect(callback.outcome).to.deep.equal({
        type: 'failure',
        failure: { cause: 'missing-field', message: 'blackUserID: is missing' },
      });
    });

    it('names a field of a wrong type', () => {
      const callback = readBody({ callbackCommand: BLOCK, ownerUserID: ['user123'], blackUserID: 'b' });
      expect(callback.outcome).to.deep.equal({
        type: 'failure',
        failure: { cause: 'bad-field', message: 'ownerUserID: expected a text, got an array' },
      });
    });

    it('takes null for an empty list of targets', () => {
      const body = example('callbackBeforeInviteJoinGroupCommand', { invitedUserIDs: null });
      expect(eventOf(readBody(body)).targets).to.deep.equal([]);
    });
  });
});

describe("the server's own notifications", () => {
  const notification = {
    callbackCommand: 'callbackBeforeSendGroupMsgCommand',
    sendID: 'a',
    groupID: 'g',
    contentType: 1509,
    msgFrom: 200,
    content: '',
  };

  it('are let through unjudged, so that clients do not become stale', () => {
    const callback = readBody(notification);
    expect(callback.outcome.type).to.equal('exempt');
  });

  for (const change of [
    { content: 'hello' },
    { msgFrom: 100 },
    { contentType: 101 },
    { contentType: 5001 },
  ]) {
    it(`are not what a client sends: ${JSON.stringify(change)}`, () => {
      expect(readBody({ ...notification, ...change }).outcome.type).to.equal('event');
    });
  }
});
