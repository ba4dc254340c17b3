/** The keys of test suites, with what they mean. */
import type { Shape } from '../../engine/parse/node.js';

export const SUITE_SHAPE = {
  clock: { meaning: 'Moment at which requests arrive, unless a case says otherwise: an ISO 8601 time.' },
  app: { meaning: 'App that requests go to, unless they say otherwise: its `id` in the configuration.' },
  lists: { meaning: 'What live lists hold, unless a case says otherwise: name to entries.' },
  cases: { meaning: 'The cases.', isRequired: true },
} as const satisfies Shape;

export const CASE_SHAPE = {
  name: { meaning: 'What is true when the case passes.', isRequired: true },
  clock: { meaning: 'Moment at which the request arrives: an ISO 8601 time.' },
  each: { meaning: 'Rows of values: the case is run once per row, `{{name}}` stands for a value.' },
  lists: { meaning: 'What live lists hold in this case: name to entries. Others are as the suite says.' },
  earlier: { meaning: 'What happens before the event: one event or a list of them, the oldest first.' },
  given: {
    meaning:
      'The event as facts, `event.kind` among them, and `targets` where it has several; also counts, strikes and labels.',
  },
  request: { meaning: "The event as a platform's request." },
  want: {
    meaning: '`allow`, `refuse`, `discard`, `none` (no rule decides), or a mapping of what must come out.',
    isRequired: true,
  },
} as const satisfies Shape;

/** One of the events before the one that a case is about. */
export const EARLIER_SHAPE = {
  given: { meaning: 'The event as facts.' },
  request: { meaning: "The event as a platform's request." },
  times: { meaning: 'How often it happens; 1 by default.' },
  ago: {
    meaning: 'How long before the event of the case: `30s`, `10m`, `1h`, `7d`; by default just before.',
  },
} as const satisfies Shape;

export const REQUEST_SHAPE = {
  app: { meaning: 'App that is called: its `id` in the configuration.' },
  platform: { meaning: 'Platform that calls, instead of `app`: its first app is called.' },
  command: { meaning: 'Wire name of the command; not needed where the body has it.' },
  body: { meaning: 'The body.' },
  file: { meaning: 'JSON file with the body, relative to the suite.' },
  query: { meaning: 'URL parameters, such as ClientIP; SdkAppid and CallbackCommand are added.' },
  headers: { meaning: 'HTTP headers.' },
} as const satisfies Shape;

/** What one ruling can be compared with. */
export const RULING_SHAPE = {
  verdict: { meaning: '`allow`, `refuse`, `discard`, or `none` where no rule decides.' },
  rule: { meaning: 'ID of the rule that decides.' },
  matched: { meaning: 'IDs of all rules that match, shadow rules included.' },
  tag: { meaning: 'Tags, all of them.' },
  notify: { meaning: 'Notifications, all of them.' },
  strike: { meaning: 'Ladders on which strikes are given, all of them.' },
  label: { meaning: 'Labels that are given, all of them.' },
  rewrite: { meaning: 'Facts that are rewritten, all of them, and the values they get.' },
  reason: { meaning: 'Reason number of the refusal.' },
  message: { meaning: 'What the refused user is told.' },
  detail: { meaning: 'Further text of the refusal.' },
} as const satisfies Shape;

export const WANT_SHAPE = {
  ...RULING_SHAPE,
  targets: { meaning: 'User ID of a target to its verdict, or to a mapping like this one.' },
  reply: { meaning: 'The exact reply.' },
  failure: { meaning: 'Why the request is not judged: `missing-field` for instance, or `unknown-command`.' },
} as const satisfies Shape;
