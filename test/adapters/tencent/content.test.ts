import { expect } from 'chai';
import * as fc from 'fast-check';
import type { FactName } from '../../../engine/facts.js';
import type { Rewrite } from '../../../engine/decision.js';
import { bodyOf, eventOf, read, answer, rewritten } from './support.js';

const COMMAND = 'C2C.CallbackBeforeSendMsg';

const element = (MsgType: string, MsgContent: unknown) => ({ MsgType, MsgContent });
const say = (Text: unknown) => element('TIMTextElem', { Text });

function bodyWith(MsgBody: unknown, CloudCustomData: unknown = '') {
  return { ...bodyOf(COMMAND), MsgBody, CloudCustomData };
}

const fact = (name: FactName, MsgBody: unknown, custom?: unknown) =>
  eventOf(read(COMMAND, bodyWith(MsgBody, custom))).facts.get(name);

function edit(MsgBody: unknown, change: (text: string) => string) {
  const rewrite: Rewrite = { edit: change };
  return answer(COMMAND, [rewritten(['message.text', rewrite])], bodyWith(MsgBody)).body['MsgBody'];
}

const MSG_TYPES = [
  'TIMTextElem',
  'TIMLocationElem',
  'TIMFaceElem',
  'TIMCustomElem',
  'TIMSoundElem',
  'TIMImageElem',
  'TIMFileElem',
  'TIMVideoFileElem',
  'TIMRelayElem',
  'TIMNewElem',
];

describe('Tencent message content', () => {
  it('tells the types of all elements', () => {
    const body = MSG_TYPES.map((type) => element(type, {}));
    expect(fact('message.type', body)).to.equal('text');
    expect(fact('message.types', body)).to.deep.equal([
      'text',
      'location',
      'face',
      'custom',
      'audio',
      'image',
      'file',
      'video',
      'forward',
      'unknown',
    ]);
    expect(fact('message.wireType', body.slice(5))).to.equal('TIMImageElem');
  });

  it('reads all text in order, one line per piece', () => {
    const body = [
      say('one'),
      element('TIMLocationElem', { Desc: 'two', Latitude: 1, Longitude: 2 }),
      element('TIMFaceElem', { Index: 1, Data: '[three]' }),
      element('TIMCustomElem', { Ext: '{"note":"six"}', Data: '{"a":{"b":["five"]},"n":1}', Desc: 'four' }),
      element('TIMFileElem', { FileName: 'seven.pdf', Url: 'https://files.example/7' }),
    ];
    expect(fact('message.text', body)).to.equal('one\ntwo\n[three]\nfour\nfive\nsix\nseven.pdf');
  });

  it('shows a text that looks like JSON as it is', () => {
    expect(fact('message.text', [say('{"a":"b"}')])).to.equal('{"a":"b"}');
  });

  it('reads forwarded messages at every depth', () => {
    const inner = element('TIMRelayElem', {
      Title: 'inner',
      MsgList: [{ From_Account: 'x', MsgBody: [say('deep')], CloudCustomData: '{"k":"v"}' }],
    });
    const outer = element('TIMRelayElem', {
      Title: 'outer',
      AbstractList: ['x: hello', 'y: hi'],
      CompatibleText: 'too old',
      MsgList: [{ MsgBody: [say('hello'), inner] }],
    });
    expect(fact('message.text', [outer])).to.equal('outer\nx: hello\ny: hi\ntoo old\nhello\ninner\ndeep');
    expect(fact('message.types', [outer])).to.deep.equal(['forward']);
    expect(fact('message.customData', [outer])).to.equal('{"k":"v"}');
    expect(fact('message.isTruncated', [outer])).to.equal(false);
  });

  it('stops at a depth and says so', () => {
    let nested: unknown = say('bottom');
    for (let level = 0; level < 50; level++) {
      nested = element('TIMRelayElem', { Title: `t${level}`, MsgList: [{ MsgBody: [nested] }] });
    }
    expect(fact('message.text', [nested]))
      .to.contain('t49')
      .and.not.to.contain('bottom');
    expect(fact('message.isTruncated', [nested])).to.equal(true);
  });

  it('says so when the forwarded messages are not in the body', () => {
    const body = [element('TIMRelayElem', { Title: 't', JsonMsgKey: 'key' })];
    expect(fact('message.isTruncated', body)).to.equal(true);
  });

  it('collects addresses of media and links in text', () => {
    const body = [
      say('see www.example.com'),
      element('TIMImageElem', {
        ImageInfoArray: [{ Type: 1, URL: 'https://i.example/1' }, null, { URL: 5 }],
      }),
      element('TIMSoundElem', { Url: 'https://i.example/2' }),
      element('TIMVideoFileElem', { VideoUrl: 'https://i.example/3', ThumbUrl: 'https://i.example/4' }),
    ];
    expect(fact('message.links', body)).to.deep.equal(['http://www.example.com']);
    expect(fact('message.linkDomains', body)).to.deep.equal(['www.example.com', 'example.com']);
    expect(fact('message.media', body)).to.deep.equal([1, 2, 3, 4].map((n) => `https://i.example/${n}`));
  });

  it('keeps data beside the elements out of the text', () => {
    const custom = '{"note":"secret word"}';
    expect(fact('message.text', [say('hello')], custom)).to.equal('hello');
    expect(fact('message.customData', [say('hello')], custom)).to.equal(custom);
  });

  it('joins the data of custom elements and of the message', () => {
    const body = [element('TIMCustomElem', { Data: '{"a":1}' })];
    expect(fact('message.customData', body, 'beside')).to.equal('{"a":1}\nbeside');
    expect(fact('message.customData', [say('x')])).to.equal(undefined);
  });

  it('reads mentions where the command tells them', () => {
    const group = (GroupAtInfo: unknown, name: FactName) =>
      eventOf(
        read('Group.CallbackAfterSendMsg', { ...bodyOf('Group.CallbackAfterSendMsg'), GroupAtInfo }),
      ).facts.get(name);
    const list = [{ GroupAtAllFlag: 0, GroupAt_Account: 'a' }, { GroupAt_Account: 'b' }, 'c', 5];
    expect(group(list, 'message.mentions')).to.deep.equal(['a', 'b', 'c']);
    expect(group(list, 'message.mentionsAll')).to.equal(false);
    expect(group([{ GroupAtAllFlag: 1 }], 'message.mentionsAll')).to.equal(true);
    expect(group(undefined, 'message.mentions')).to.deep.equal([]);
    expect(fact('message.mentions', [say('x')])).to.equal(undefined);
    expect(eventOf(read('Bot.OnGroupMessage')).facts.get('message.mentions')).to.deep.equal(['@RBT#helper']);
  });

  it('reads what the moderation filter was given', () => {
    const command = 'ContentCallback.ResultNotify';
    const body = {
      ...bodyOf(command),
      TextContent: ['one', '{"a":"two"}', 3],
      FileURL: 'https://f.example/1',
      CloudCustomData: 'data',
    };
    const { facts } = eventOf(read(command, body));
    expect(facts.get('message.text')).to.equal('one\ntwo');
    expect(facts.get('message.media')).to.deep.equal(['https://f.example/1']);
    expect(facts.get('message.customData')).to.equal('data');
  });

  it("passes on a chatbot signal's data", () => {
    expect(eventOf(read('Chatbot.OnC2CSignalMessage')).facts.get('message.customData')).to.equal(
      '{"intent":"forecast","city":"Lund"}',
    );
  });

  it('finds text in shapes that do not belong there', () => {
    expect(fact('message.text', [say({ hidden: 'one' })])).to.equal('one');
    expect(fact('message.text', ['two'])).to.equal('two');
    expect(fact('message.text', [element('TIMTextElem', 'three')])).to.equal('three');
    expect(fact('message.text', [element('TIMNewElem', { a: [{ b: 'four' }] })])).to.equal('four');
  });

  it('never throws, whatever a client puts into MsgContent', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MSG_TYPES), fc.jsonValue(), (type, content) => {
        expect(fact('message.text', [element(type, content), content])).to.be.a('string');
        expect(fact('message.types', [element(type, content)])).to.have.length(1);
      }),
      { numRuns: 500 },
    );
  });

  it('survives nesting that no recursion would', () => {
    const depth = 20_000;
    let list: unknown = 'bottom';
    for (let level = 0; level < depth; level++) list = [list];
    const json = `${'['.repeat(depth)}"bottom"${']'.repeat(depth)}`;
    expect(fact('message.isTruncated', [element('TIMNewElem', list)])).to.equal(true);
    expect(fact('message.isTruncated', [element('TIMCustomElem', { Data: json })])).to.equal(true);
  });
});

describe('a rewrite of Tencent message text', () => {
  const mask = (text: string) => text.replaceAll('bad', '***');

  it('edits every piece in place and copies everything else untouched', () => {
    const image = element('TIMImageElem', { UUID: 'u', ImageInfoArray: [{ URL: 'https://bad.example' }] });
    const unknown = element('TIMNewElem', { Kept: { Deep: [1, 'so bad'] } });
    const relay = element('TIMRelayElem', {
      Title: 'bad title',
      MsgNum: 1,
      AbstractList: ['x: bad', 'y: good'],
      MsgList: [{ From_Account: 'bad_user', MsgBody: [say('bad text')], CloudCustomData: 'bad' }],
    });
    const custom = element('TIMCustomElem', { Data: '{"id":7,"t":"bad"}', Desc: 'bad', Sound: 'bad.mp3' });
    expect(edit([say('bad day'), image, unknown, relay, custom], mask)).to.deep.equal([
      say('*** day'),
      image,
      element('TIMNewElem', { Kept: { Deep: [1, 'so ***'] } }),
      element('TIMRelayElem', {
        Title: '*** title',
        MsgNum: 1,
        AbstractList: ['x: ***', 'y: good'],
        MsgList: [{ From_Account: 'bad_user', MsgBody: [say('*** text')], CloudCustomData: 'bad' }],
      }),
      element('TIMCustomElem', { Data: '{"id":7,"t":"***"}', Desc: '***', Sound: 'bad.mp3' }),
    ]);
  });

  it('sends no body when nothing changes', () => {
    expect(edit([say('fine'), element('TIMCustomElem', { Data: '{ "t" : "x" }' })], mask)).to.equal(
      undefined,
    );
  });

  it('keeps at most one custom element', () => {
    const custom = (Data: string) => element('TIMCustomElem', { Data });
    expect(edit([custom('a'), say('bad'), custom('b')], mask)).to.deep.equal([custom('a'), say('***')]);
  });

  it('keeps keys of the prototype as data', () => {
    const content: unknown = JSON.parse('{"__proto__":{"t":"bad"},"other":"bad"}');
    const json = JSON.stringify(edit([element('TIMNewElem', content)], mask));
    expect(json).to.equal('[{"MsgType":"TIMNewElem","MsgContent":{"__proto__":{"t":"***"},"other":"***"}}]');
  });

  it('edits JSON that is nested too deeply to be written again as the text it is', () => {
    const depth = 20_000;
    const data = (word: string) => `["${word}",${'['.repeat(depth)}${']'.repeat(depth)}]`;
    const custom = (Data: string) => element('TIMCustomElem', { Data });
    expect(edit([custom(data('bad'))], mask)).to.deep.equal([custom(data('***'))]);
  });

  it('touches exactly the text that rules see', () => {
    fc.assert(
      fc.property(fc.constantFrom(...MSG_TYPES), fc.jsonValue(), (type, content) => {
        const seen = fact('message.text', [element(type, content)]);
        const edited: string[] = [];
        edit([element(type, content)], (text) => {
          edited.push(text);
          return text;
        });
        expect(edited.join('\n')).to.equal(seen);
      }),
      { numRuns: 500 },
    );
  });

  it('leads to a body that reads as edited', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (texts) => {
        const changed = edit(texts.map(say), (text) => `<${text}>`);
        expect(fact('message.text', changed)).to.equal(texts.map((text) => `<${text}>`).join('\n'));
      }),
    );
  });
});
