import { expect } from 'chai';
import * as fc from 'fast-check';
import { TENCENT_ROWS } from '../../../adapters/tencent/catalog.js';
import { ADAPTER, APP, bodyOf, causeOf, decisionOf, eventOf, read, refused, requestOf } from './support.js';

const COMMAND = 'C2C.CallbackBeforeSendMsg';

function withQuery(query: Record<string, string>, body: unknown = bodyOf(COMMAND)) {
  return ADAPTER.read(requestOf(COMMAND, body, { query: new URLSearchParams(query) }));
}

describe('Tencent app check', () => {
  it('takes SdkAppid in any spelling', () => {
    for (const name of ['SdkAppid', 'SDKAppID', 'SdkAppId', 'sdkappid']) {
      const callback = withQuery({ [name]: APP.sdkAppId, CallbackCommand: COMMAND });
      expect(causeOf(callback), name).to.equal('event');
    }
  });

  it('fails for a missing, empty or different SdkAppid', () => {
    expect(causeOf(withQuery({ CallbackCommand: COMMAND }))).to.equal('wrong-app');
    expect(causeOf(withQuery({ SdkAppid: '', CallbackCommand: COMMAND }))).to.equal('wrong-app');
    expect(causeOf(withQuery({ SdkAppid: '1400', CallbackCommand: COMMAND }))).to.equal('wrong-app');
  });

  it('comes before everything in the body', () => {
    expect(causeOf(withQuery({ SdkAppid: '1', CallbackCommand: COMMAND }, []))).to.equal('wrong-app');
  });
});

describe('Tencent routing', () => {
  const appOnly = { SdkAppid: APP.sdkAppId };

  it('reads every command of the catalog by its URL', () => {
    expect(TENCENT_ROWS).to.have.length(61);
    for (const { command, kind, stage } of TENCENT_ROWS) {
      const callback = read(command);
      expect(causeOf(callback), command).to.equal('event');
      expect(eventOf(callback)).to.include({ kind, stage });
      expect(callback).to.include({ command, wireCommand: command, stage });
    }
  });

  it('falls back to the command of the body', () => {
    expect(withQuery(appOnly)).to.include({ command: COMMAND, wireCommand: COMMAND });
  });

  it('knows no command where neither URL nor body has one', () => {
    expect(causeOf(withQuery(appOnly, {}))).to.equal('no-command');
    expect(causeOf(withQuery(appOnly, { CallbackCommand: 5 }))).to.equal('no-command');
    expect(causeOf(withQuery({ ...appOnly, CallbackCommand: '' }, { CallbackCommand: '' }))).to.equal(
      'no-command',
    );
  });

  it('fails when URL and body name different commands', () => {
    const query = { ...appOnly, CallbackCommand: 'State.StateChange' };
    const callback = withQuery(query);
    expect(causeOf(callback)).to.equal('contradicting-command');
    expect(callback).to.include({ command: 'State.StateChange', stage: 'after' });
  });

  it('asks for no command in bodies that have none', () => {
    expect(causeOf(read('ContentCallback.ResultNotify'))).to.equal('event');
    expect(causeOf(read('Push.AllMemberPush'))).to.equal('event');
  });

  it('takes a path that goes on with the command, and no other', () => {
    const at = (subpath: string, query: Record<string, string>) =>
      ADAPTER.read(requestOf(COMMAND, undefined, { subpath, query: new URLSearchParams(query) }));
    expect(causeOf(at(COMMAND, { ...appOnly, CallbackCommand: COMMAND }))).to.equal('event');
    expect(causeOf(at(COMMAND, appOnly))).to.equal('event');
    expect(causeOf(at('State.StateChange', { ...appOnly, CallbackCommand: COMMAND }))).to.equal('wrong-path');
    expect(causeOf(at('somewhere', appOnly))).to.equal('wrong-path');
  });

  it('takes POST only', () => {
    const callback = ADAPTER.read(requestOf('State.StateChange', undefined, { method: 'GET' }));
    expect(causeOf(callback)).to.equal('wrong-method');
    expect(callback.stage).to.equal('after');
  });

  it('leaves an unknown command alone, whatever its body is', () => {
    for (const body of [{}, 'text', null, { CallbackCommand: 'Live.CallbackBeforeSendGift' }]) {
      const callback = read('Live.CallbackBeforeSendGift', body);
      expect(callback.outcome).to.deep.equal({ type: 'unknown-command' });
      expect(callback.wireCommand).to.equal('Live.CallbackBeforeSendGift');
      expect(callback.command).to.equal(undefined);
    }
  });

  it('does not take names of the prototype for commands', () => {
    for (const name of ['__proto__', 'constructor', 'toString']) {
      expect(causeOf(read(name, {}))).to.equal('unknown-command');
    }
  });

  it('passes on why a body could not be read', () => {
    const bodyFailure = { cause: 'body-too-large', message: 'too large' } as const;
    const callback = ADAPTER.read(requestOf(COMMAND, undefined, { bodyFailure }));
    expect(callback.outcome).to.deep.equal({ type: 'failure', failure: bodyFailure });
    expect(callback.body).to.deep.equal({});
  });

  it('wants a JSON object', () => {
    for (const body of [[], 'text', 5, null]) {
      expect(causeOf(read(COMMAND, body))).to.equal('unreadable-body');
    }
  });

  it('names the field that is missing or wrong', () => {
    const message = (body: unknown) => {
      const { outcome } = read(COMMAND, body);
      return outcome.type === 'failure' ? `${outcome.failure.cause} ${outcome.failure.message}` : 'event';
    };
    const body = bodyOf(COMMAND);
    expect(message({ ...body, From_Account: undefined })).to.equal('missing-field From_Account: is missing');
    expect(message({ ...body, From_Account: 5 })).to.match(/^bad-field From_Account: expected a text/);
    expect(message({ ...body, MsgBody: null })).to.equal('missing-field MsgBody: is missing');
    expect(message({ ...body, MsgBody: 'text' })).to.match(/^bad-field MsgBody: expected an array/);
  });

  it('makes an answerable callback of any body at all', () => {
    const command = fc.constantFrom(...TENCENT_ROWS.map((row) => row.command));
    fc.assert(
      fc.property(command, fc.jsonValue(), (name, body) => {
        const reply = ADAPTER.render(read(name, body), decisionOf(refused()));
        expect(reply.body['ActionStatus']).to.equal('OK');
        expect(reply.body['ErrorCode']).to.be.a('number');
      }),
    );
  });

  it('makes an answerable callback of a sample with any field replaced', () => {
    const changed = fc
      .constantFrom(...TENCENT_ROWS.map((row) => row.command))
      .chain((name) =>
        fc.tuple(fc.constant(name), fc.constantFrom(...Object.keys(bodyOf(name))), fc.jsonValue()),
      );
    fc.assert(
      fc.property(changed, ([name, field, value]) => {
        const callback = read(name, { ...bodyOf(name), [field]: value });
        const { body } = ADAPTER.render(callback, decisionOf(refused()));
        if (callback.stage === 'after') expect(body).to.include({ ErrorCode: 0, ErrorInfo: '' });
      }),
      { numRuns: 500 },
    );
  });
});

describe('Tencent facts of the URL', () => {
  const factsWith = (query: Record<string, string>) => {
    const parameters = { SdkAppid: APP.sdkAppId, CallbackCommand: COMMAND, ...query };
    return eventOf(withQuery(parameters)).facts;
  };

  it('tell the address, the device and who is an administrator', () => {
    const facts = factsWith({ ClientIP: '2001:db8::5', OptPlatform: 'RESTAPI' });
    expect(facts.get('client.ip')).to.equal('2001:db8::5');
    expect(facts.get('actor.platform')).to.equal('rest');
    expect(facts.get('actor.isAdmin')).to.equal(true);
    expect(facts.get('platform')).to.equal('tencent');
    expect(facts.get('app.id')).to.equal('im');
  });

  it('have one word per device, however the vendor writes it', () => {
    const platform = (OptPlatform: string) => factsWith({ OptPlatform }).get('actor.platform');
    expect(
      ['iOS', 'IOS', 'Android', 'Windows', 'macOS', 'Mac', 'Web', 'iPad', 'Unknown'].map(platform),
    ).to.deep.equal(['ios', 'ios', 'android', 'windows', 'mac', 'mac', 'web', 'ipad', 'unknown']);
    expect(factsWith({ OptPlatform: 'IOS' }).get('actor.isAdmin')).to.equal(false);
  });

  it('are absent where the URL is silent', () => {
    const facts = factsWith({});
    for (const fact of ['client.ip', 'actor.platform', 'actor.isAdmin'] as const) {
      expect(facts.get(fact)).to.equal(undefined);
    }
  });
});
