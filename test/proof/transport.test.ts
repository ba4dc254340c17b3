import { METHODS } from 'node:http';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import type { App } from '../../adapters/index.js';
import type { CatalogEntry } from '../contract/catalog.js';
import type { Received } from '../support/http.js';
import { OPENIM, TENCENT, type Caller } from './platform.js';
import { expectAnswer, openProvingGround, replyIn, type ProvingGround } from './proving-ground.js';
import { chunked, exchange } from './raw-http.js';

const RUNS = 150;

/** One command of each kind of reply, on apps that always say the same. */
const CALLS: readonly (readonly [Caller, app: string, command: string])[] = [
  [OPENIM, 'im-refuse', 'callbackBeforeAddBlackCommand'],
  [OPENIM, 'im-allow', 'callbackBeforeSetGroupInfoCommand'],
  [OPENIM, 'im-refuse', 'callbackAfterSendSingleMsgCommand'],
  [OPENIM, 'doc-refuse', 'callbackBeforeImportFriendsCommand'],
  [TENCENT, 'tc-refuse', 'Group.CallbackBeforeSendMsg'],
  [TENCENT, 'tc-allow', 'Sns.CallbackPrevFriendAdd'],
  [TENCENT, 'tc-refuse', 'Sns.CallbackPrevFriendResponse'],
  [TENCENT, 'tc-refuse', 'State.StateChange'],
];

const COMPRESSIONS = {
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
} as const satisfies Readonly<Record<string, (bytes: Buffer) => Buffer>>;

type Compression = keyof typeof COMPRESSIONS;
const compressions = fc.constantFrom<Compression>('gzip', 'deflate', 'br');

/** Header lines that change nothing about what a request means. */
const HARMLESS: readonly string[] = [
  'Content-Type: application/json; charset=utf-8',
  'Content-Type: text/html',
  'Content-Type: application/x-www-form-urlencoded',
  'Content-Type: multipart/form-data; boundary=x',
  'Content-Type: ;;;=',
  'Content-Type:',
  'Content-Type: application/json; charset=utf-16',
  'Accept: text/html;q=0.1',
  'Accept-Encoding: br;q=2, *',
  'X-Forwarded-For: 10.0.0.1, , ::1, what',
  'X-HTTP-Method-Override: GET',
  'Cookie: a=b; __proto__=c',
  'Authorization: Bearer \u00ff\u00fe',
  'If-None-Match: *',
  'Range: bytes=0-0',
  'traceparent: 00-zz-zz-zz',
  'operationID:',
  'Date: tomorrow',
  'Te: trailers',
  `X-Long: ${'x'.repeat(12_000)}`,
];

/** Position of a call: what fast-check prints stays short. */
const someCall = fc.nat({ max: CALLS.length - 1 });

/** What may stand in a URL, and what may not but does. */
const ODD_CHARACTERS = Array.from('aZ09-._~!$&\'()*+,;=:@/%"<>[]{}^`|');

interface Call {
  readonly caller: Caller;
  readonly app: App;
  readonly entry: CatalogEntry;
  readonly url: string;
}

describe('a callback on its way', () => {
  let ground: ProvingGround;
  let port: number;
  let calls: readonly Call[];
  before(async () => {
    ground = await openProvingGround();
    port = Number(new URL(ground.server.callbackOrigin).port);
    calls = CALLS.map(([caller, id, command]): Call => {
      const app = ground.appNamed(id);
      const entry = caller.catalog.find((candidate) => candidate.command === command);
      if (entry === undefined) throw new Error(`${command} is not in the catalog`);
      return { caller, app, entry, url: caller.urlOf(app, command) };
    });
  });
  after(() => ground.stop());

  const post = (
    url: string,
    headers: readonly string[],
    pieces: readonly (string | Buffer)[],
    method = 'POST',
  ): Promise<Received> =>
    exchange(port, [
      Buffer.from(
        [`${method} ${url} HTTP/1.1`, 'Host: gate', 'Connection: close', ...headers, '', ''].join('\r\n'),
        'latin1',
      ),
      ...pieces,
    ]);

  const postBytes = (url: string, headers: readonly string[], bytes: Buffer): Promise<Received> =>
    post(url, [...headers, `Content-Length: ${bytes.length}`], [bytes]);

  const callAt = (number: number): Call => {
    const call = calls[number];
    if (call === undefined) throw new Error(`there is no call ${number}`);
    return call;
  };

  const bytesOf = ({ entry }: Call): Buffer => Buffer.from(JSON.stringify(entry.example));

  const unreadable = (call: Call, received: Received): void =>
    void expectAnswer({ ...call, body: '' }, received);

  it('gets the same reply however its body is packed and announced', async () => {
    const wrappings = fc.record({
      turn: someCall,
      hasMark: fc.boolean(),
      compression: fc.option(compressions),
      sizes: fc.option(fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 6 })),
      headers: fc.subarray([...HARMLESS], { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(wrappings, async ({ turn, hasMark, compression, sizes, headers }) => {
        const call = callAt(turn);
        const plain = await postBytes(call.url, [], bytesOf(call));
        expectAnswer({ ...call, body: JSON.stringify(call.entry.example) }, plain);
        const bytes = hasMark ? Buffer.concat([Buffer.from('\ufeff'), bytesOf(call)]) : bytesOf(call);
        const packed = compression === null ? bytes : COMPRESSIONS[compression](bytes);
        const lines = compression === null ? headers : [...headers, `Content-Encoding: ${compression}`];
        const received =
          sizes === null
            ? await postBytes(call.url, lines, packed)
            : await post(call.url, [...lines, 'Transfer-Encoding: chunked'], chunked(packed, sizes));
        expect([received.status, received.text]).to.deep.equal([200, plain.text]);
      }),
      { numRuns: RUNS },
    );
  });

  it('gets the verdict of the policy when its packing is broken', async () => {
    const breakages = fc.record({
      turn: someCall,
      compression: compressions,
      label: fc.constantFrom('gzip', 'deflate', 'br', 'GZIP', 'gzip, gzip', 'zstd', 'compress', 'x', ''),
      change: fc.oneof(
        fc
          .double({ min: 0, max: 1, noNaN: true })
          .map((share) => (bytes: Buffer) => bytes.subarray(0, share * bytes.length)),
        fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })).map(([at, bits]) => (bytes: Buffer) => {
          const changed = Buffer.from(bytes);
          const place = at % changed.length;
          changed.writeUInt8(changed.readUInt8(place) ^ bits, place);
          return changed;
        }),
        fc.uint8Array({ maxLength: 200 }).map((noise) => () => Buffer.from(noise)),
        fc.uint8Array({ maxLength: 200 }).map((noise) => (bytes: Buffer) => Buffer.concat([bytes, noise])),
      ),
    });
    await fc.assert(
      fc.asyncProperty(breakages, async ({ turn, compression, label, change }) => {
        const call = callAt(turn);
        const bytes = change(COMPRESSIONS[compression](bytesOf(call)));
        const received = await postBytes(call.url, [`Content-Encoding: ${label}`], bytes);
        expectAnswer({ ...call, body: JSON.stringify(call.entry.example) }, received);
      }),
      { numRuns: RUNS },
    );
  });

  it('gets the verdict of the policy when it holds bytes that are no text', async () => {
    const noise = fc.tuple(someCall, fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat());
    await fc.assert(
      fc.asyncProperty(noise, async ([turn, bytes, at]) => {
        const call = callAt(turn);
        const good = bytesOf(call);
        const place = at % good.length;
        const mixed = Buffer.concat([good.subarray(0, place), bytes, good.subarray(place)]);
        unreadable(call, await postBytes(call.url, [], Buffer.from(bytes)));
        expectAnswer({ ...call, body: mixed.toString() }, await postBytes(call.url, [], mixed));
      }),
      { numRuns: RUNS },
    );
  });

  it('gets the verdict of the policy when a few bytes grow beyond the limit', async () => {
    const bombs = fc.tuple(someCall, compressions);
    const zeros = Buffer.alloc(8_000_000, 0x20);
    const packed = { gzip: gzipSync(zeros), deflate: deflateSync(zeros), br: brotliCompressSync(zeros) };
    await fc.assert(
      fc.asyncProperty(bombs, async ([turn, compression]) => {
        const call = callAt(turn);
        unreadable(
          call,
          await postBytes(call.url, [`Content-Encoding: ${compression}`], packed[compression]),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('gets the verdict of the policy when it comes by another method', async () => {
    // CONNECT is answered below HTTP's requests, and the reply to HEAD has no body.
    const methods = METHODS.filter((method) => !['POST', 'CONNECT', 'HEAD'].includes(method));
    const cases = fc.tuple(someCall, fc.constantFrom(...methods), fc.boolean());
    await fc.assert(
      fc.asyncProperty(cases, async ([turn, method, hasBody]) => {
        const call = callAt(turn);
        const bytes = hasBody ? bytesOf(call) : Buffer.alloc(0);
        const received = await post(call.url, [`Content-Length: ${bytes.length}`], [bytes], method);
        expectAnswer({ ...call, body: hasBody ? JSON.stringify(call.entry.example) : '' }, received);
      }),
      { numRuns: RUNS },
    );
  });

  it('gets a reply at every URL at or below the path of its app', async () => {
    const parts = fc.oneof(
      fc.constantFrom(
        '/',
        '//',
        '.',
        '..',
        '%2e%2e',
        '%2f',
        '%00',
        '%',
        '%zz',
        '%ff',
        '\\',
        ';',
        ':80',
        '@',
        '*',
        '|',
      ),
      fc.constantFrom(
        'callback',
        '__proto__',
        'constructor',
        'callbackBeforeAddBlackCommand',
        'State.StateChange',
      ),
      fc.string({ unit: fc.constantFrom(...ODD_CHARACTERS), maxLength: 20 }),
      fc.constant('x'.repeat(6_000)),
    );
    const queries = fc.array(
      fc.oneof(
        parts,
        fc.constantFrom(
          '&',
          '=',
          '&&=',
          '?',
          '#',
          '+',
          'command=',
          'SdkAppid=',
          'CallbackCommand=',
          'contenttype=json',
        ),
        fc.constantFrom(
          'command=callbackAfterAddBlackCommand',
          'SdkAppid=1400000002',
          'Sign=',
          'RequestTime=1e9',
        ),
      ),
      { maxLength: 6 },
    );
    const cases = fc.tuple(someCall, fc.array(parts, { maxLength: 4 }), queries);
    await fc.assert(
      fc.asyncProperty(cases, async ([turn, path, query]) => {
        const call = callAt(turn);
        const below = path.length === 0 ? '' : `/${path.join('')}`.replaceAll('?', '');
        const url = `${call.app.path}${below}${query.length === 0 ? '' : `?${query.join('')}`}`;
        const reply = replyIn(await postBytes(url, [], bytesOf(call)));
        expect(Object.keys(reply)).to.include.members(
          call.app.platform === 'openim'
            ? ['actionCode', 'errCode', 'nextCode']
            : ['ActionStatus', 'ErrorCode'],
        );
        if (call.entry.spec.stage === 'after' || call.app.platform === 'tencent') return;
        // Its body names the command, so whatever the URL says can only contradict it.
        expectAnswer(
          { ...call, body: JSON.stringify(call.entry.example) },
          {
            status: 200,
            headers: { 'content-type': 'application/json; charset=utf-8' },
            text: JSON.stringify(reply),
          },
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('gets a reply however long the headers are that its caller passes on', async () => {
    // OpenIM sends its client's `operationID` on, and takes headers of a megabyte (Go net/http DefaultMaxHeaderBytes).
    for (const length of [20_000, 200_000, 1_000_000]) {
      await fc.assert(
        fc.asyncProperty(someCall, async (turn) => {
          const call = callAt(turn);
          const received = await postBytes(call.url, [`Operationid: ${'x'.repeat(length)}`], bytesOf(call));
          expectAnswer({ ...call, body: JSON.stringify(call.entry.example) }, received);
        }),
        { numRuns: 5 },
      );
    }
  });

  it('never was a mistake of ours', () => {
    expect(ground.server.log.lines().filter(({ level }) => Number(level) >= 50)).to.deep.equal([]);
    expect(ground.server.log.text()).not.to.include('internal-error');
  });
});
