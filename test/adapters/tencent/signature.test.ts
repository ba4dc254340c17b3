import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { tencent } from '../../../adapters/tencent/index.js';
import { FRESHNESS, signatureFault } from '../../../adapters/tencent/signature.js';
import { ADAPTER, APP, causeOf, decisionOf, refused, requestOf } from './support.js';

// The vendor's own test vector (1047/34354).
const TOKEN = 'xxxxyyyy';
const TIME = '1669872112';
const SIGN = '17773bc39a671d7b9aa835458704d2a6db81360a5940292b587d6d760d484061';
const NOW = Number(TIME) * 1000;

describe('the Tencent signature', () => {
  const fault = (sign: string | undefined, requestTime: string | undefined = TIME, now = NOW) =>
    signatureFault({ sign, requestTime }, TOKEN, now);

  it("accepts the vendor's test vector", () => {
    expect(fault(SIGN)).to.equal(undefined);
  });

  it('accepts upper-case digits', () => {
    expect(fault(SIGN.toUpperCase())).to.equal(undefined);
  });

  it('refuses a missing Sign', () => {
    expect(fault(undefined)).to.equal('Sign is missing');
  });

  it('refuses a missing RequestTime', () => {
    expect(signatureFault({ sign: SIGN, requestTime: undefined }, TOKEN, NOW)).to.equal(
      'RequestTime is missing',
    );
  });

  it('refuses a RequestTime that is no number of seconds', () => {
    for (const time of ['', 'now', '1669872112.5', '-5', '1e9', '1'.repeat(13)]) {
      expect(fault(SIGN, time), time).to.equal('RequestTime is not a number of seconds');
    }
  });

  it('refuses a wrong Sign of whatever shape', () => {
    const wrong = [
      SIGN.replace('1', '2'),
      SIGN.slice(0, 62),
      `${SIGN}00`,
      'g'.repeat(64),
      'é'.repeat(32),
      '',
    ];
    for (const sign of wrong) expect(fault(sign), sign).to.equal('Sign is wrong');
  });

  it('refuses the signature of another second', () => {
    expect(fault(SIGN, '1669872113')).to.equal('Sign is wrong');
  });

  it('refuses the digest of the token that older pages misprint', () => {
    const misprinted = 'e78a85473bed2cdc8d6fa8c4d5a4ba4735fd64156e15a99516b9890293e135de';
    expect(fault(misprinted)).to.equal('Sign is wrong');
    expect(signatureFault({ sign: misprinted, requestTime: TIME }, 'xxxyyy', NOW)).to.equal(undefined);
  });

  it('is judged alike in whatever order tokens and times come', () => {
    const tokens = ['one', 'two'];
    const times = [TIME, '1669872113', TIME, '1669872112'];
    for (const token of [...tokens, ...tokens]) {
      for (const requestTime of times) {
        for (const signer of tokens) {
          for (const signedTime of times) {
            const sign = createHash('sha256').update(`${signer}${signedTime}`).digest('hex');
            const isRight = signer === token && signedTime === requestTime;
            expect(signatureFault({ sign, requestTime }, token, NOW)).to.equal(
              isRight ? undefined : 'Sign is wrong',
            );
          }
        }
      }
    }
  });

  it('accepts a time just inside the window, on either side', () => {
    expect(fault(SIGN, TIME, NOW + FRESHNESS * 1000)).to.equal(undefined);
    expect(fault(SIGN, TIME, NOW - FRESHNESS * 1000)).to.equal(undefined);
  });

  it('refuses a stale time and one from the future', () => {
    expect(fault(SIGN, TIME, NOW + FRESHNESS * 1000 + 1)).to.equal('RequestTime is stale');
    expect(fault(SIGN, TIME, NOW - FRESHNESS * 1000 - 1)).to.equal('RequestTime is stale');
  });
});

describe('a Tencent app with a token', () => {
  const adapter = tencent.bind({ ...APP, token: TOKEN });
  const call = (command: string, parameters: Record<string, string>, body?: unknown) => {
    const request = requestOf(command, body);
    for (const [name, value] of Object.entries(parameters)) request.query.set(name, value);
    return adapter.read({ ...request, receivedAt: NOW });
  };

  it('takes a signed callback', () => {
    expect(causeOf(call('State.StateChange', { Sign: SIGN, RequestTime: TIME }))).to.equal('event');
  });

  it('calls an unsigned, a wrongly signed and a stale callback unauthenticated', () => {
    expect(causeOf(call('State.StateChange', {}))).to.equal('unauthenticated');
    expect(causeOf(call('State.StateChange', { Sign: 'x', RequestTime: TIME }))).to.equal('unauthenticated');
    expect(causeOf(call('State.StateChange', { Sign: SIGN, RequestTime: '1669871000' }))).to.equal(
      'unauthenticated',
    );
  });

  it('authenticates before it looks at the body or the command', () => {
    expect(causeOf(call('State.StateChange', {}, 'no object'))).to.equal('unauthenticated');
    expect(causeOf(call('Some.NewCommand', {}, {}))).to.equal('unauthenticated');
  });

  it('never puts the token or the right signature into a message', () => {
    const { outcome } = call('State.StateChange', { Sign: 'x', RequestTime: TIME });
    expect(JSON.stringify(outcome)).not.to.contain(TOKEN).and.not.to.contain(SIGN);
  });

  it('knows the stage nevertheless, so that a report is never refused', () => {
    const callback = call('State.StateChange', {});
    expect(callback.command).to.equal('State.StateChange');
    expect(callback.stage).to.equal('after');
    expect(adapter.render(callback, decisionOf(refused())).body).to.deep.equal({
      ActionStatus: 'OK',
      ErrorCode: 0,
      ErrorInfo: '',
    });
  });

  it("refuses an unauthenticated friend request in the friend commands' own way", () => {
    const { body } = adapter.render(call('Sns.CallbackPrevFriendAdd', {}), decisionOf(refused()));
    expect(body).to.deep.equal({
      ActionStatus: 'OK',
      ErrorCode: 0,
      ErrorInfo: '',
      ResultItem: [
        { To_Account: 'u_51830', ResultCode: 38_007, ResultInfo: 'No.' },
        { To_Account: 'u_66019', ResultCode: 38_007, ResultInfo: 'No.' },
      ],
    });
  });
});

describe('a Tencent app without a token', () => {
  it('does not look at Sign', () => {
    const request = requestOf('State.StateChange');
    request.query.set('Sign', 'anything');
    expect(causeOf(ADAPTER.read(request))).to.equal('event');
  });
});
