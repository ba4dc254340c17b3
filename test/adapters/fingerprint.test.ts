import { expect } from 'chai';
import fc from 'fast-check';
import { fingerprintOf } from '../../adapters/fingerprint.js';

describe('the fingerprint of a message', () => {
  const of = (...texts: string[]) => fingerprintOf(texts, []);

  it('is the same whatever case, width, spaces and signs a sender varies', () => {
    const same = [
      'Free coins at 8',
      'free  COINS, at 8!!',
      'Ｆｒｅｅ　ｃｏｉｎｓ　ａｔ　８',
      'f.r.e.e c\u200Boins at 8 🎉',
    ];
    expect(new Set(same.map((text) => of(text))).size).to.equal(1);
    expect(of('加我微信：abc123')).to.equal(of('加 我 微 信 abc 123 ～'));
  });

  it('is another when something else is said', () => {
    expect(of('free coins at 8')).not.to.equal(of('free coins at 9'));
    expect(of('赌博')).not.to.equal(of('博赌'));
  });

  it('is that of media and own data where nothing is said, and of signs where there is nothing else', () => {
    expect(fingerprintOf([], ['a.png'])).not.to.equal(fingerprintOf([], ['b.png']));
    expect(fingerprintOf(['hello'], ['a.png'])).to.equal(fingerprintOf(['hello'], ['b.png']));
    expect(of('👍')).not.to.equal(of('👎'));
    expect(of('  \n')).to.equal(undefined);
    expect(fingerprintOf([], [])).to.equal(undefined);
  });

  it('has 22 characters, whatever the text', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' })), fc.array(fc.string()), (texts, others) => {
        const found = fingerprintOf(texts, others);
        return found === undefined || /^[\w-]{22}$/.test(found);
      }),
    );
  });
});
