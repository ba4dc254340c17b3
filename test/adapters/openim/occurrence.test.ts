import { expect } from 'chai';
import { eventOf, example, readBody } from './support.js';

describe('OpenIM: what a callback is about', () => {
  const occurrenceOf = (command: string, changes: object = {}): string | undefined =>
    eventOf(readBody(example(command, { serverMsgID: 'made-by-the-server', ...changes }))).occurrence?.();

  it('is the same message before it is sent, before it is modified and afterwards', () => {
    const occurrences = [
      'callbackBeforeSendSingleMsgCommand',
      'callbackBeforeMsgModifyCommand',
      'callbackAfterSendSingleMsgCommand',
    ].map((command) => occurrenceOf(command));
    expect(new Set(occurrences).size).to.equal(1);
  });

  it('is another message when the client gives the same ID to two', () => {
    const command = 'callbackBeforeSendSingleMsgCommand';
    const one = occurrenceOf(command, { clientMsgID: 'mine' });
    expect(occurrenceOf(command, { clientMsgID: 'mine', serverMsgID: 'another' })).not.to.equal(one);
  });

  it('is the same for a request that is repeated, and another for one that differs', () => {
    const command = 'callbackBeforeAddFriendCommand';
    expect(occurrenceOf(command)).to.equal(occurrenceOf(command));
    expect(occurrenceOf(command, { operationID: 'another' })).not.to.equal(occurrenceOf(command));
  });

  it('is unknown where the body is nested too deeply to be written again', () => {
    const more = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`) as unknown;
    expect(occurrenceOf('callbackBeforeAddFriendCommand', { more })).to.equal('');
  });
});
