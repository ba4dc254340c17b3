import { expect } from 'chai';
import { failuresOf, runSuiteText } from './bench.js';

/** What the only case of a suite comes to. */
async function outcome(text: string, more?: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return failuresOf(await runSuiteText(`cases:\n  - name: n\n${text.replace(/^/gm, '    ')}`, more));
}

const BLOCK_BOB = 'given: { event.kind: block.add, actor.id: alice, target.id: bob }';
const BLOCK_BODY = '{ callbackCommand: callbackBeforeAddBlackCommand, ownerUserID: alice, blackUserID: bob }';
const REFUSED = '{ actionCode: 0, nextCode: 1, errCode: 5007, errMsg: Not bob., errDlt: d }';

describe('a case', () => {
  it('passes when everything that it names comes out', async () => {
    expect(
      await outcome(`${BLOCK_BOB}
want:
  verdict: refuse
  rule: friends-stay
  matched: [friends-stay]
  tag: [friend, kept]
  notify: boss
  rewrite: {}
  reason: 7
  message: Not bob.
  detail: d`),
    ).to.deep.equal([]);
  });

  it('tells everything that came out otherwise', async () => {
    expect(
      await outcome(`${BLOCK_BOB}
want: { verdict: allow, rule: seen, matched: [], tag: kept, notify: [], rewrite: { friend.remark: x }, reason: 1, message: '', detail: e }`),
    ).to.deep.equal([
      'verdict: "allow" / "refuse"',
      'rule: "seen" / "friends-stay"',
      'matched: [] / ["friends-stay"]',
      'tag: ["kept"] / ["friend","kept"]',
      'notify: [] / ["boss"]',
      'rewrite: {"friend.remark":"x"} / {}',
      'reason: 1 / 7',
      'message: "" / "Not bob."',
      'detail: "e" / "d"',
    ]);
  });

  for (const [want, target, failures] of [
    ['none', 'dave', []],
    ['allow', 'dave', []],
    ['refuse', 'dave', ['verdict: "refuse" / "allow"']],
    ['allow', 'alice', []],
    ['none', 'alice', ['verdict: "none" / "allow"']],
    ['none', 'bob', ['verdict: "none" / "refuse"']],
  ] as const) {
    const result = failures.length === 0 ? 'passes' : 'fails';
    it(`that wants ${want} ${result} when alice blocks ${target}`, async () => {
      const given = `given: { event.kind: block.add, actor.id: alice, target.id: ${target} }`;
      expect(await outcome(`${given}\nwant: ${want}`)).to.deep.equal(failures);
    });
  }

  it('compares a reply exactly, whatever the order of its keys', async () => {
    const request = `request: { app: im, body: ${BLOCK_BODY} }`;
    expect(await outcome(`${request}\nwant: { reply: ${REFUSED} }`)).to.deep.equal([]);
    const [failure] = await outcome(`${request}\nwant: { reply: { actionCode: 0 } }`);
    expect(failure).to.match(/^reply: \{"actionCode":0\} \/ \{.*"errCode":5007/);
  });

  it('reads a body from a file beside the suite', async () => {
    const body = '{"callbackCommand":"callbackBeforeAddBlackCommand","ownerUserID":"a","blackUserID":"bob"}';
    const text = 'request: { file: bodies/block.json }\nwant: { rule: friends-stay }';
    expect(await outcome(text, { 'bodies/block.json': body })).to.deep.equal([]);
  });

  it('recognizes the app where none is named, and needs no signature', async () => {
    const body =
      '{ CallbackCommand: Sns.CallbackPrevFriendAdd, From_Account: a, Requester_Account: a, FriendItem: [{ To_Account: mallory }] }';
    expect(await outcome(`request: { body: ${body} }\nwant: { rule: no-invitations }`)).to.deep.equal([]);
    expect(await outcome(`request: { body: ${BLOCK_BODY} }\nwant: { rule: friends-stay }`)).to.deep.equal([]);
  });

  it('passes URL parameters and headers on', async () => {
    const rules = `
cases:
  - name: n
    request:
      platform: tencent
      command: Group.CallbackBeforeApplyJoinGroup
      body: { GroupId: g, Type: Public, Requestor_Account: a }
      query: { ClientIP: 192.0.2.1, SdkAppid: 1 }
      headers: { OperationID: x }
    want: { failure: wrong-app }
`;
    expect(failuresOf(await runSuiteText(rules))).to.deep.equal([]);
  });

  it('judges each target, with words for one and for all', async () => {
    const request = `request: { app: im, body: { callbackCommand: callbackBeforeInviteJoinGroupCommand, groupID: g, invitedUserIDs: [bob, mallory] } }`;
    expect(
      await outcome(
        `${request}\nwant: { rule: no-invitations, targets: { bob: none, mallory: { verdict: refuse, reason: 2 } } }`,
      ),
    ).to.deep.equal([]);
    expect(
      await outcome(
        `${request}\nwant: { verdict: refuse, targets: { bob: refuse, mallory: { reason: 3 }, eve: allow } }`,
      ),
    ).to.deep.equal([
      'verdict: "refuse" / ["allow","refuse"]',
      'targets.bob.verdict: "refuse" / "allow"',
      'targets.mallory.reason: 3 / 2',
      'targets: "eve" / ["bob","mallory"]',
    ]);
  });

  it('gives targets as facts, by ID or with what differs', async () => {
    const given = `given: { event.kind: friend.request, actor.id: a, targets: [bob, { target.id: mallory, friend.wording: hi }] }`;
    expect(await outcome(`${given}\nwant: { targets: { bob: allow, mallory: refuse } }`)).to.deep.equal([]);
  });

  it('counts rewrites by the values that come out', async () => {
    const given = `given: { event.kind: message.send, message.text: 'bad and secret' }`;
    expect(
      await outcome(
        `${given}\nwant: { verdict: none, matched: [masked, watched], tag: [], rewrite: { message.text: '*** and secret', friend.remark: '' } }`,
      ),
    ).to.deep.equal([]);
  });

  it('fails when its request cannot be judged, unless that is what it wants', async () => {
    const request =
      'request: { app: im, body: { callbackCommand: callbackBeforeAddBlackCommand, ownerUserID: a } }';
    expect(await outcome(`${request}\nwant: allow`)).to.deep.equal([
      'failure: "a request that the app im can judge" / "missing-field (blackUserID: is missing)"',
    ]);
    expect(await outcome(`${request}\nwant: { failure: missing-field }`)).to.deep.equal([]);
    expect(await outcome(`${request}\nwant: { failure: bad-field }`)).to.deep.equal([
      'failure: "bad-field" / "missing-field"',
    ]);
    const unknown = 'request: { app: im, command: foo, body: {} }';
    expect(await outcome(`${unknown}\nwant: { failure: unknown-command }`)).to.deep.equal([]);
    expect(await outcome(`${unknown}\nwant: allow`)).to.deep.equal([
      'failure: "a request that the app im can judge" / "unknown-command (foo)"',
    ]);
    expect(
      await outcome(`request: { app: im, body: ${BLOCK_BODY} }\nwant: { failure: bad-field }`),
    ).to.deep.equal(['failure: "bad-field" / "none: the request is judged"']);
  });

  it('acknowledges what has happened and judges it nevertheless', async () => {
    const body =
      '{ CallbackCommand: Sns.CallbackBlackListAdd, PairList: [{ From_Account: a, To_Account: bob }] }';
    expect(
      await outcome(
        `request: { app: tc, body: ${body} }\nwant: { verdict: none, tag: seen, reply: { ActionStatus: OK, ErrorCode: 0, ErrorInfo: '' } }`,
      ),
    ).to.deep.equal([]);
  });
});

describe('the clock of a suite', () => {
  const at = (rules: string): string => rules;
  it('is the arrival of requests and the time of given events; a case may have its own', async () => {
    const text = at(`
clock: 2026-03-01T10:00:00Z
cases:
  - name: suite
    given: { event.kind: message.send }
    want: none
  - name: case
    clock: 2026-03-02T10:00:00Z
    request: { app: im, body: ${BLOCK_BODY} }
    want: refuse
  - name: fact
    given: { event.kind: message.send, event.time: 2026-03-03T10:00:00Z }
    want: none
`);
    const { suites } = await runSuiteText(text);
    const times = suites[0]?.results.map(({ judged }) => judged?.event.facts.get('event.time'));
    expect(times).to.deep.equal([1, 2, 3].map((day) => Date.UTC(2026, 2, day, 10)));
  });

  it('stands still where nothing sets it', async () => {
    const { suites } = await runSuiteText(
      'cases: [{ name: n, given: { event.kind: message.send }, want: none }]',
    );
    const [result] = suites[0]?.results ?? [];
    expect(result?.judged?.event.facts.get('event.time')).to.equal(Date.UTC(2026, 0, 1, 12));
  });
});

describe('a table of cases', () => {
  it('runs the case once per row, with values of any type in the place of {{name}}', async () => {
    const run = await runSuiteText(`
cases:
  - name: '{{who}} is {{verdict}}'
    each:
      - { who: bob, admin: false, tags: [kept, friend], verdict: refuse }
      - { who: bob, admin: true, tags: [], verdict: allow }
      - { who: dave, admin: false, tags: [], verdict: allow }
    given: { event.kind: block.add, actor.id: 'x-{{who}}', target.id: '{{ who }}', actor.isAdmin: '{{admin}}' }
    want: { verdict: '{{verdict}}', tag: '{{tags}}' }
  - name: numbered
    each: [{ who: dave }, { who: bob }]
    given: { event.kind: block.add, target.id: '{{who}}' }
    want: none
`);
    expect(run.suites[0]?.results.map((result) => result.case.name)).to.deep.equal([
      'bob is refuse',
      'bob is allow',
      'dave is allow',
      'numbered (row 1)',
      'numbered (row 2)',
    ]);
    expect(failuresOf(run)).to.deep.equal(['verdict: "none" / "refuse"']);
  });

  it('places a failure at its row', async () => {
    const { suites } = await runSuiteText(`cases:
  - name: n
    each:
      - { who: dave }
      - { who: bob }
    given: { event.kind: block.add, target.id: '{{who}}' }
    want: none
`);
    const [suite] = suites;
    const places = suite?.results.map(({ case: { node } }) => suite.positionOf(node).line);
    expect(places).to.deep.equal([4, 5]);
  });
});
