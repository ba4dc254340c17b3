import { expect } from 'chai';
import fc from 'fast-check';
import { contentKeys, editedContent, readContent } from '../../../adapters/openim/content.js';
import type { ContentFact } from '../../../adapters/catalog.js';
import { parseJsonObject } from '../../../adapters/content.js';
import { isJsonObject } from '../../../adapters/path.js';
import type { JsonObject } from '../../../adapters/adapter.js';
import type { FactValue } from '../../../engine/facts.js';

const KEYS = contentKeys({ content: 'content', contentType: 'contentType', mentions: 'atUserList' })!;

const message = (contentType: unknown, content: unknown, atUserList: unknown = null): JsonObject => ({
  contentType,
  content: typeof content === 'object' ? JSON.stringify(content) : content,
  atUserList,
});

function facts(body: JsonObject, ...names: readonly ContentFact[]): Record<string, FactValue | undefined> {
  const source = readContent(body, KEYS);
  return Object.fromEntries(names.map((name) => [name, source.get(name)]));
}

const textOf = (body: JsonObject): FactValue | undefined => readContent(body, KEYS).get('message.text');

const quoted = { contentType: 101, textElem: { content: 'the old word' } };

function holdsObject(content: unknown): boolean {
  if (typeof content === 'string') return parseJsonObject(content) !== undefined;
  return isJsonObject(content);
}

describe('OpenIM: message content', () => {
  describe('is read for every type', () => {
    const cases: readonly [number, string, unknown, string][] = [
      [101, 'text', { content: 'hello' }, 'hello'],
      [102, 'image', { sourcePicture: { url: 'https://cdn.example.com/a.png' } }, ''],
      [103, 'audio', { sourceUrl: 'https://cdn.example.com/a.m4a' }, ''],
      [104, 'video', { videoUrl: 'https://cdn.example.com/a.mp4' }, ''],
      [105, 'file', { fileName: 'plan.pdf', filePath: '/home/lena/plan.pdf' }, 'plan.pdf'],
      [
        106,
        'text',
        { text: '@7 look', atUsersInfo: [{ atUserID: '7', groupNickname: 'Omar' }] },
        '@7 look\nOmar',
      ],
      [106, 'text', { text: 'yes', quoteMessage: quoted }, 'yes\nthe old word'],
      [
        107,
        'forward',
        {
          title: 'Chat',
          abstractList: ['Lena: hi'],
          multiMessage: [quoted, { contentType: 101, content: '{"content":"raw"}' }],
        },
        'Chat\nLena: hi\nthe old word\nraw',
      ],
      [108, 'card', { userID: '7', nickname: 'Omar', ex: '{"job":"design"}' }, 'Omar\ndesign'],
      [109, 'location', { description: '{"name":"Old Town"}', latitude: 1 }, 'Old Town'],
      [
        110,
        'custom',
        { data: '{"a":{"b":"deep"}}', description: 'seen', extension: 'more' },
        'deep\nseen\nmore',
      ],
      [113, 'typing', { msgTips: 'typing' }, 'typing'],
      [114, 'quote', { text: 'no', quoteMessage: quoted }, 'no\nthe old word'],
      [115, 'face', { index: 3, data: 'smile' }, 'smile'],
      [117, 'text', { text: 'rich' }, 'rich'],
      [118, 'text', { content: '# Title' }, '# Title'],
      [119, 'custom', { data: 'payload' }, 'payload'],
      [120, 'custom', { data: 'payload' }, 'payload'],
      [123, 'stream', { type: 'plain', content: 'piece' }, 'piece'],
      [1400, 'notification', { detail: '{"text":"maintenance"}' }, 'maintenance'],
      [1501, 'notification', '', ''],
      [2001, 'notification', '{"key":"value"}', 'value'],
      [111, 'unknown', { any: ['thing', { at: 'all' }] }, 'thing\nall'],
      [99_999, 'unknown', 'no JSON', 'no JSON'],
    ];
    for (const [contentType, type, content, text] of cases) {
      it(`${contentType} (${type}): ${JSON.stringify(content)}`, () => {
        expect(
          facts(message(contentType, content), 'message.type', 'message.wireType', 'message.text'),
        ).to.deep.equal({
          'message.type': type,
          'message.wireType': String(contentType),
          'message.text': text,
        });
      });
    }
  });

  it('finds every element of a nested message, whatever type it claims', () => {
    const elements = {
      textElem: { content: 'a' },
      cardElem: { nickname: 'b' },
      fileElem: { fileName: 'c' },
      mergeElem: { title: 'd' },
      atTextElem: { text: 'e' },
      faceElem: { data: 'f' },
      locationElem: { description: 'g' },
      customElem: { data: 'h' },
      quoteElem: { text: 'i' },
      notificationElem: { detail: 'j' },
      advancedTextElem: { text: 'k' },
      typingElem: { msgTips: 'l' },
      markdownTextElem: { content: 'm' },
    };
    const body = message(114, { quoteMessage: { contentType: 102, content: '', ...elements } });
    expect(textOf(body)).to.equal('a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm');
  });

  it('finds media of all sizes, in nested messages too', () => {
    const body = message(114, {
      text: 'look',
      quoteMessage: {
        contentType: 102,
        pictureElem: {
          sourcePicture: { url: 'u:1' },
          bigPicture: { url: 'u:2' },
          snapshotPicture: { url: 'u:3' },
        },
        videoElem: { videoUrl: 'u:4', snapshotUrl: 'u:5' },
        soundElem: { sourceUrl: 'u:6' },
      },
    });
    expect(facts(body, 'message.media')).to.deep.equal({
      'message.media': ['u:1', 'u:2', 'u:3', 'u:4', 'u:5', 'u:6'],
    });
  });

  it('finds links in the text and behind it', () => {
    const body = message(117, {
      text: 'see example.com',
      messageEntityList: [{ type: 'url', url: 'https://evil.example' }],
    });
    expect(facts(body, 'message.links')).to.deep.equal({
      'message.links': ['http://example.com', 'https://evil.example'],
    });
  });

  it('joins the mentions in the content with those beside it', () => {
    const body = message(106, { text: '@a @b', atUserList: ['a', 'b'] }, ['b', 'c']);
    expect(facts(body, 'message.mentions', 'message.mentionsAll')).to.deep.equal({
      'message.mentions': ['a', 'b', 'c'],
      'message.mentionsAll': false,
    });
  });

  it('takes AtAllTag for everyone, at either place', () => {
    for (const body of [
      message(106, { atUserList: ['AtAllTag'] }),
      message(101, { content: '' }, ['AtAllTag']),
    ]) {
      expect(facts(body, 'message.mentions', 'message.mentionsAll')).to.deep.equal({
        'message.mentions': [],
        'message.mentionsAll': true,
      });
    }
  });

  it('keeps the payload of custom messages as it is', () => {
    const body = message(110, { data: '{"a":1}', description: 'd', extension: 'x' });
    expect(facts(body, 'message.customData')).to.deep.equal({ 'message.customData': '{"a":1}\nx' });
  });

  describe('when it is not what it should be', () => {
    it('is plain text when it is no JSON', () => {
      expect(textOf(message(101, 'just words'))).to.equal('just words');
      expect(textOf(message(101, '"quoted"'))).to.equal('"quoted"');
      expect(textOf(message(101, '{"content":'))).to.equal('{"content":');
    });

    it('is read whole where a text should be and something else is', () => {
      expect(textOf(message(101, { content: { hidden: ['word'] } }))).to.equal('word');
      expect(textOf(message(101, ['word']))).to.equal('word');
      expect(textOf(message(114, { text: 1, quoteMessage: 'word' }))).to.equal('word');
    });

    it('cannot hide a text by the letter case of its key, which clients do not mind', () => {
      expect(textOf(message(101, { Content: 'word', CONTENT: 'again' }))).to.equal('word\nagain');
      expect(textOf(message(114, { 'quoteMe\u017f\u017fage': { TEXTELEM: { content: 'word' } } }))).to.equal(
        'word',
      );
    });

    it('cannot hide a nested text by claiming two types', () => {
      const quoteMessage = { contentType: 102, ContentType: 101, content: '{"content":"word"}' };
      expect(textOf(message(114, { quoteMessage }))).to.equal('word');
    });

    it('is read up to a depth, and tells when there is more', () => {
      const nest = (depth: number): object =>
        depth === 0
          ? { text: 'bottom' }
          : { text: `level ${depth}`, quoteMessage: { quoteElem: nest(depth - 1) } };
      expect(facts(message(114, nest(8)), 'message.isTruncated')).to.deep.equal({
        'message.isTruncated': false,
      });
      expect(textOf(message(114, nest(8)))).to.include('bottom');
      expect(facts(message(114, nest(9)), 'message.isTruncated')).to.deep.equal({
        'message.isTruncated': true,
      });
      expect(textOf(message(114, nest(9)))).not.to.include('bottom');
    });

    it('survives nesting that no parser follows', () => {
      const deep = '['.repeat(50_000) + ']'.repeat(50_000);
      for (const contentType of [101, 110, 114, 1400, 7]) {
        const body = message(contentType, `{"content":${deep},"data":${deep},"text":${deep}}`);
        expect(() => textOf(body)).not.to.throw();
      }
    });

    it('has no type and no text when the fields are missing', () => {
      expect(facts({}, 'message.type', 'message.wireType', 'message.text')).to.deep.equal({
        'message.type': 'unknown',
        'message.wireType': undefined,
        'message.text': '',
      });
    });
  });

  describe('whatever a client puts there', () => {
    const TYPES = [101, 102, 105, 106, 107, 108, 109, 110, 113, 114, 115, 117, 118, 123, 1400, 7];
    const KEY_NAMES = [
      'content',
      'text',
      'quoteMessage',
      'multiMessage',
      'abstractList',
      'title',
      'data',
      'description',
      'extension',
      'textElem',
      'customElem',
      'quoteElem',
      'mergeElem',
      'contentType',
      'atUserList',
      'atUsersInfo',
      'groupNickname',
      'messageEntityList',
      'url',
      'detail',
      'nickname',
      'ex',
      '__proto__',
      'constructor',
    ] as const;
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        fc.string(),
        fc.integer(),
        fc.constant(null),
        fc.jsonValue().map((value) => JSON.stringify(value)),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom(...KEY_NAMES), tie('json'), { maxKeys: 5 }),
      ),
    }));
    const content = fc.oneof(
      json,
      fc.string(),
      json.map((value) => JSON.stringify(value)),
    );
    const bodies = fc.record({
      contentType: fc.oneof(fc.constantFrom<unknown>(...TYPES), fc.jsonValue()),
      content,
      atUserList: fc.oneof(fc.constant(null), fc.array(fc.string()), fc.jsonValue()),
    });

    it('can be read', () => {
      fc.assert(
        fc.property(bodies, (body) => {
          expect(facts(body, 'message.text', 'message.links', 'message.mentions')).to.be.an('object');
        }),
        { numRuns: 500 },
      );
    });

    it('shows to an edit the very texts that a rule has seen', () => {
      fc.assert(
        fc.property(bodies, (body) => {
          const pieces: string[] = [];
          const fields = editedContent(body, KEYS, (piece) => {
            pieces.push(piece);
            return piece;
          });
          expect(textOf(body)).to.equal(pieces.join('\n'));
          expect(fields).to.deep.equal({});
        }),
        { numRuns: 500 },
      );
    });

    it('reads, once edited, as the edited texts and holds a JSON object', () => {
      fc.assert(
        fc.property(bodies, (body) => {
          const pieces: string[] = [];
          const fields = editedContent(body, KEYS, (piece) => {
            pieces.push(`<${piece}>`);
            return `<${piece}>`;
          });
          if (pieces.length === 0) return;
          expect(JSON.parse(String(fields['content']))).to.be.an('object');
          if (holdsObject(body.content)) expect(textOf({ ...body, ...fields })).to.equal(pieces.join('\n'));
        }),
        { numRuns: 500 },
      );
    });
  });
});
