import { expect } from 'chai';
import fc from 'fast-check';
import { explanationData } from '../../cli/explain/data.js';
import { explainFacts, explainRequest, type Explanation } from '../../cli/explain/explanation.js';
import { factsOf, readInput, requestOf, type RequestOptions } from '../../cli/explain/input.js';
import { reportExplanation } from '../../cli/explain/report.js';
import { show } from '../../cli/explain/words.js';
import { plain } from '../../cli/suite/style.js';
import { UserError } from '../../cli/suite/user-error.js';
import { createBench, type TestBench } from '../suites/bench.js';

const CLOCK = Date.UTC(2026, 0, 3, 15, 30);
const BLOCK = '{"callbackCommand":"callbackBeforeAddBlackCommand","ownerUserID":"alice","blackUserID":"bob"}';

describe('an explanation', () => {
  let bench: TestBench;
  before(async () => {
    bench = await createBench();
  });
  after(() => bench.remove());

  const ofRequest = (body: string, options: RequestOptions = {}): Promise<Explanation> =>
    explainRequest(bench.bench, requestOf(body, options, bench.bench.apps, CLOCK));
  const ofFacts = (facts: string): Promise<Explanation> =>
    explainFacts(bench.bench, factsOf(facts, 'f.yaml', CLOCK, bench.bench.rules));

  async function textOf(explanation: Explanation, rule?: string): Promise<string> {
    const focus = bench.bench.rules.rules.find((one) => one.rule.id === rule);
    const text = await reportExplanation(explanation, bench.bench, plain, focus);
    return bench.withoutFolder(text).replace(/revision \w+/, 'revision REVISION');
  }

  it('tells the facts, what became of each rule and its conditions, the decision and the reply', async () => {
    expect(await textOf(await ofRequest(BLOCK))).to
      .equal(`Callback  callbackBeforeAddBlackCommand to the app im (openim)
Event  block.add (before)

Facts
  platform     "openim"
  app.id       "im"
  event.kind   "block.add"
  event.stage  "before"
  event.time   2026-01-03T15:30:00.000Z
  command      "callbackBeforeAddBlackCommand"
  actor.id     "alice"
  target.id    "bob"
  target.ids   ["bob"]

Rules
  1. nobody-blocks-themselves  priority 1, enforce, rules.yaml:15:5
     ✗ actor.id equal target.id  actor.id is "alice", target.id is "bob"
     nobody-blocks-themselves does not match.
  2. friends-stay  priority 0, enforce, rules.yaml:7:5
     ✓ all
       ✓ target.id in list friends  target.id is "bob"
       ✓ not
         ✗ actor.isAdmin equal true  (condition is-admin)  actor.isAdmin is absent
     friends-stay matches and decides: refuse.
  3. switched-off  priority 0, off, rules.yaml:36:5
     · always
     switched-off is not asked: its mode is off.

Decision  revision REVISION
  refuse, by friends-stay
    reason 7, message "Not bob."
    tags kept, friend
    notifies boss

Reply
  {
    "actionCode": 0,
    "errCode": 5007,
    "errMsg": "Not bob.",
    "errDlt": "d",
    "nextCode": 1
  }`);
  });

  it('tells that no rule is on such events, and which default holds', async () => {
    const text = await textOf(await ofFacts('{ event.kind: user.presence, platform: tencent }'));
    expect(text).to.include('Event  user.presence (after)');
    expect(text).to.include('Rules\n  No rule is on this kind and stage.');
    expect(text).to.include('  allow: no rule gave a verdict, so the default of the app tc holds');
    expect(text).to.not.include('Reply');
  });

  it('tells of each target its own facts, rules and verdict', async () => {
    const text = await textOf(await ofFacts('{ event.kind: group.invite, targets: [bob, mallory] }'));
    expect(text).to.include('  target 2 differs in\n  target.id    "mallory"');
    expect(text).to.include('Rules on target 1 of 2: bob').and.to.include('Rules on target 2 of 2: mallory');
    expect(text).to.match(/ {2}bob: allow: no rule .*\n {2}mallory: refuse, by no-invitations\n {4}reason 2/);
  });

  it('tells what shadow rules would do and what is rewritten', async () => {
    const text = await textOf(await ofFacts('{ event.kind: message.send, message.text: bad secret }'));
    expect(text).to.include('masked matches; it has no verdict, so judging goes on.');
    expect(text).to.include('watched matches in shadow: it changes nothing, and would refuse, tag leak.');
    expect(text).to.include('    rewrites message.text: "bad secret" becomes "*** secret"');
  });

  it('tells that reports are acknowledged first, and that no signature was checked', async () => {
    const body =
      '{"CallbackCommand":"Sns.CallbackBlackListAdd","PairList":[{"From_Account":"a","To_Account":"bob"}]}';
    const text = await textOf(await ofRequest(body));
    expect(text).to.include('Who calls (signature, secret) is not checked here; the server checks it.');
    expect(text).to.include('Event  block.add (after), 1 target');
    expect(text).to.include('     ✓ always\n     seen matches; it has no verdict, so judging goes on.');
    expect(text).to.include('Reply  sent before the rules are asked');
  });

  it('tells what the reply cannot carry, and why', async () => {
    const rules = 'rules: [{ id: r, on: message.send, when: always, then: { discard: true } }]';
    const other = await createBench({}, { rules });
    const body = {
      callbackCommand: 'callbackBeforeSendSingleMsgCommand',
      sendID: 'a',
      recvID: 'b',
      sessionType: 1,
    };
    const message = { ...body, contentType: 101, content: '{"content":"hi"}' };
    const request = requestOf(JSON.stringify(message), {}, other.bench.apps, CLOCK);
    const text = await reportExplanation(await explainRequest(other.bench, request), other.bench, plain);
    other.remove();
    expect(text).to.match(/"nextCode": 1\n {2}\}\n {2}discard cannot be carried: .*refused/);
  });

  for (const [title, body, options, lines] of [
    [
      'no JSON',
      '{',
      {},
      [
        'It cannot be read: unreadable-body: the body is not JSON:',
        '  allow, the failure policy (onFailure) of the app im',
      ],
    ],
    [
      'a __proto__ key',
      '{"__proto__":{}}',
      {},
      ['It cannot be read: unreadable-body: the body has a __proto__ key.'],
    ],
    [
      'a field missing',
      BLOCK.replace('blackUserID', 'x'),
      {},
      ['It cannot be read: missing-field: blackUserID: is missing.'],
    ],
    [
      'an unknown command',
      '{}',
      { command: 'foo', app: 'im' },
      ['No such command is known: it is let through', '  allow, without asking a rule'],
    ],
    [
      'another SdkAppid',
      '{"CallbackCommand":"Sns.CallbackFriendAdd"}',
      { url: '/tencent?SdkAppid=1' },
      ['It cannot be read: wrong-app'],
    ],
  ] as const) {
    it(`tells that a request with ${title} is answered without the rules`, async () => {
      const text = await textOf(await ofRequest(body, options));
      for (const line of lines) expect(text).to.include(line);
      expect(text).to.include('Reply').and.to.not.include('Rules');
    });
  }

  it('can be given of any body (property)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string(), fc.constant(BLOCK)), async (body) => {
        const explanation = await ofRequest(body);
        const text = await reportExplanation(explanation, bench.bench, plain);
        expect(text).to.include('Callback').and.to.include('Decision').and.to.include('Reply');
        expect(explanation.event !== undefined).to.equal(body === BLOCK);
      }),
    );
  });

  it('takes app, command and facts from a URL and headers', async () => {
    const body = '{"GroupId":"g","Type":"Public","Requestor_Account":"a"}';
    for (const url of [
      '/tencent?CallbackCommand=Group.CallbackBeforeApplyJoinGroup&ClientIP=192.0.2.1&SdkAppid=1400000000',
      'https://gate.example//callback?CallbackCommand=Group.CallbackBeforeApplyJoinGroup&ClientIP=192.0.2.1&SdkAppid=1400000000',
    ]) {
      const { app, event } = await ofRequest(body, { url });
      expect(app?.id).to.equal('tc');
      expect(event?.kind).to.equal('group.join');
      expect(event?.facts.get('client.ip')).to.equal('192.0.2.1');
    }
    const withoutName = BLOCK.replace('"callbackCommand":"callbackBeforeAddBlackCommand",', '');
    const { app, event } = await ofRequest(withoutName, {
      url: 'http://gate/openim/callbackBeforeAddBlackCommand',
      header: ['OperationID: op-1'],
    });
    expect(app?.id).to.equal('im');
    expect(event?.facts.get('operation.id')).to.equal('op-1');
  });

  it('needs no secret in the URL, and does not mind one', async () => {
    const apps = 'apps: [{ id: im, platform: openim, path: /openim, secret: 0123456789abcdef }]';
    const locked = await createBench({}, { apps });
    for (const url of ['/openim', '/openim/0123456789abcdef/callbackBeforeAddBlackCommand']) {
      const request = requestOf(BLOCK, { url }, locked.bench.apps, CLOCK);
      const { event, isCallerUnchecked } = await explainRequest(locked.bench, request);
      expect(event?.kind).to.equal('block.add');
      expect(isCallerUnchecked).to.equal(true);
    }
    locked.remove();
  });

  it('is not given where the question is wrong', async () => {
    const messageOf = async (work: () => unknown): Promise<string> => {
      try {
        await work();
        return 'nothing is wrong';
      } catch (error) {
        return error instanceof UserError ? error.message : String(error);
      }
    };
    expect(await messageOf(() => ofRequest(BLOCK, { app: 'x' }))).to.equal(
      '--app: there is no app `x`; configured are `im`, `tc`.',
    );
    expect(await messageOf(() => ofRequest(BLOCK, { header: ['x'] }))).to.equal(
      '--header: `x` is not of the form "Name: value".',
    );
    expect(await messageOf(() => ofRequest(BLOCK, { url: 'http://' }))).to.equal(
      '--url: `http://` is not a URL.',
    );
    expect(await messageOf(() => readInput('nothing.json'))).to.match(
      /^nothing\.json: cannot be read: ENOENT/,
    );
    const facts = await messageOf(() => ofFacts('{ event.kind: block.add, target.idd: x }'));
    expect(facts).to.include('f.yaml:1:26 error unknown-fact').and.to.include('Did you mean `target.id`?');
  });

  describe('of one rule', () => {
    it('names the fewest conditions that keep it from matching', async () => {
      const facts = '{ event.kind: block.add, target.id: eve, actor.isAdmin: true }';
      expect(await textOf(await ofFacts(facts), 'friends-stay')).to.include(`Rules
  rules.yaml:7:5
  friends-stay does not match.
  It would match if all of these were otherwise:
    rules.yaml:12:11  target.id in list friends
      is false: target.id is "eve"
    rules.yaml:5:13  actor.isAdmin equal true
      is true (within a not): actor.isAdmin is true

  ✗ all`);
    });

    it('says first that it is on other events', async () => {
      const text = await textOf(await ofFacts('{ event.kind: message.send, actor.id: a }'), 'friends-stay');
      expect(text).to.include(
        'friends-stay is not asked: it is on block.add (before), and this is message.send (before).\n  It would match if this were otherwise:',
      );
    });

    it('says which rule decided before it', async () => {
      const text = await textOf(
        await ofFacts('{ event.kind: block.add, actor.id: bob, target.id: bob }'),
        'friends-stay',
      );
      expect(text).to.include(
        'friends-stay is not asked: nobody-blocks-themselves had decided before.\n  Its condition holds.',
      );
    });

    it('is there as JSON as well', async () => {
      const [focus] = bench.bench.rules.rules.filter(({ rule }) => rule.id === 'friends-stay');
      const other = await explanationData(await ofFacts('{ event.kind: message.send }'), bench.bench, focus);
      expect(other).to.have.nested.property('rulings[0].rules[0].state', 'not-on-event');
      const data = await explanationData(
        await ofFacts('{ event.kind: block.add, target.id: eve }'),
        bench.bench,
        focus,
      );
      expect(data).to.have.nested.property('rulings[0].rules').with.length(1);
      expect(data).to.have.nested.property('rulings[0].rules[0].state', 'unmatched');
      expect(data).to.have.nested.property('rulings[0].rules[0].condition.members[0].value', 'eve');
    });
  });

  it('is there as JSON', async () => {
    const data: unknown = JSON.parse(
      JSON.stringify(await explanationData(await ofRequest(BLOCK), bench.bench)),
    );
    expect(data).to.have.nested.property('event.kind', 'block.add');
    expect(data).to.have.nested.property('rulings[0].decidedBy', 'friends-stay');
    expect(data).to.have.nested.property('rulings[0].rules').with.length(3);
    expect(data).to.have.nested.property('reply.errCode', 5007);
  });
});

describe('a value in an explanation', () => {
  it('is cut when it is long', () => {
    expect(show('x'.repeat(120))).to.equal(`"${'x'.repeat(100)}"… (20 more characters)`);
    expect(show(Array.from({ length: 12 }, (_, index) => index))).to.equal(
      '[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, … 2 more]',
    );
  });

  it('cannot draw on the terminal', () => {
    expect(show('\u001b[31m')).to.equal('"\\u001b[31m"');
    expect(show('\u202e')).to.equal('"\uFFFD"');
  });

  it('keeps the backslashes of a pattern', () => {
    expect(show(String.raw`\bit's`)).to.equal(String.raw`'\bit''s'`);
  });
});
