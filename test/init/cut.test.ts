import { expect } from 'chai';
import { explainApps } from '../../cli/init/comments.js';
import { cutText } from '../../cli/init/cut.js';

const RULES = `# Rules.

lists:
  # Only for OpenIM.
  ours: [a]
  shared: [b]

rules:
  # A comment on the first.
  # Only for Tencent.
  - id: first
    # Only for OpenIM. (deeper, so it marks nothing)
    then: { tag: x }

  # A comment on the second.
  - id: second
    on:
      - friend.request
      - friend.import # Only for OpenIM.
    examples:
      - { given: { platform: tencent }, expect: none }
`;

const CASES = `cases:
  - name: one
    given: { event.kind: block.add, platform: openim }
  - name: two
    request:
      platform: tencent
      body: {}
  - name: three
    given: { event.kind: block.add }
`;

describe('cutting a shipped file down to a platform', () => {
  it('leaves a file for all platforms as it is', () => {
    for (const text of [RULES, CASES]) expect(cutText(text, ['openim', 'tencent'])).to.equal(text);
  });

  it('leaves out what is marked for another one, with its comments', () => {
    expect(cutText(RULES, ['openim'])).to.equal(`# Rules.

lists:
  # Only for OpenIM.
  ours: [a]
  shared: [b]

rules:
  # A comment on the second.
  - id: second
    on:
      - friend.request
      - friend.import # Only for OpenIM.
    examples:
      - { given: { platform: tencent }, expect: none }
`);
    expect(cutText(RULES, ['tencent'])).to.equal(`# Rules.

lists:
  shared: [b]

rules:
  # A comment on the first.
  # Only for Tencent.
  - id: first
    # Only for OpenIM. (deeper, so it marks nothing)
    then: { tag: x }

  # A comment on the second.
  - id: second
    on:
      - friend.request
    examples:
      - { given: { platform: tencent }, expect: none }
`);
  });

  it('leaves out test cases and apps of another one', () => {
    expect(cutText(CASES, ['openim']))
      .to.contain('name: one')
      .and.contain('name: three')
      .and.not.contain('name: two');
    expect(cutText(CASES, ['tencent']))
      .to.contain('name: two')
      .and.contain('name: three')
      .and.not.contain('name: one');
  });

  it('leaves nothing of a file in which no entry is left', () => {
    expect(cutText('# Comment\nrules:\n  # Only for OpenIM.\n  - id: a\n', ['tencent'])).to.equal(undefined);
    expect(cutText('# Nothing in here\n', ['tencent'])).to.equal('# Nothing in here\n');
  });
});

describe('explaining apps that were explained by one that is gone', () => {
  const whole = `server: x

apps:
  # The name.
  - id: one
    # The path, http://HOST:PORT/one.
    path: /one
    # Only its own.
    # special: 1
    # The last one.
    last: 1

  - id: two
    path: /two
    # Its own too.
    # other: 2
    last: 2
`;

  it('brings the comments of the settings that both have', () => {
    const cut = `server: x\n\n${whole.slice(whole.indexOf('apps:')).replace(/ {2}# The name[^]*?\n\n/, '')}`;
    expect(explainApps(cut, whole)).to.equal(`server: x

apps:
  # The name.
  - id: two
    # The path, http://HOST:PORT/two.
    path: /two
    # Its own too.
    # other: 2
    # The last one.
    last: 2
`);
  });

  it('changes nothing where all is explained', () => {
    expect(explainApps(whole, whole)).to.equal(whole);
  });
});
