import { expect } from 'chai';
import { sendJson } from '../support/http.js';
import { NO_MALLORY, startTestServer, type TestServer } from '../support/server.js';

/** Lets through what it cannot judge: whoever could make a callback unjudgeable would be free of all rules. */
const APPS = `apps: [{ id: im, platform: openim, path: /openim, onFailure: allow }]`;

const NIGHTS = `
rules:
  - id: quiet-nights
    on: message.send
    priority: 100
    when: { fact: message.sentAt, operator: timeOfDayBetween, value: { from: '22:00', to: '06:00', zone: UTC } }
    then: { refuse: { reason: 9 } }
  - id: quiet-days
    on: message.send
    priority: 99
    when: { fact: message.sentAt, operator: weekday, value: { days: [sun], zone: UTC } }
    then: { refuse: { reason: 9 } }
`;

describe('what a client claims', () => {
  let server: TestServer;
  before(async () => {
    server = await startTestServer({
      apps: APPS,
      rules: { 'nights.yaml': NIGHTS, 'mallory.yaml': NO_MALLORY },
    });
  });
  after(() => server.stop());

  it('keeps no rule from judging, be it the end of all calendars', async () => {
    for (const sendTime of [8.64e15 + 1, 9e15, 2 ** 63, -(2 ** 63), 1e300]) {
      const { text } = await sendJson(`${server.callbackOrigin}/openim`, {
        callbackCommand: 'callbackBeforeSendSingleMsgCommand',
        sendID: 'mallory',
        recvID: 'bob',
        content: '{"content":"hello"}',
        contentType: 101,
        sessionType: 1,
        msgFrom: 100,
        sendTime,
      });
      expect(JSON.parse(text), `${sendTime}`).to.include({ nextCode: 1, errCode: 5007 });
    }
  });
});
