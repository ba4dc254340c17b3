/** The few values that random rules and random events are about. */

export const IDS = ['u1', 'u2', 'u3', 'U1', 'v7', ''] as const;

/** Too long to be looked up entry by entry. */
export const LONG_LIST = ['u3', 'loan', ...Array.from({ length: 68 }, (_, index) => `v${index}`)];

/**
 * Words in plain and in disguise: capitals, full width, a zero-width space, an accent written apart; and
 * one whose beginning it repeats, so that a search must step back in it.
 */
export const TEXTS = [
  'loan',
  'LOAN',
  'lo\u200Ban',
  'ｌｏａｎ',
  '赌博',
  '赌\u2060博',
  'café',
  'cafe\u0301',
  'free Coins',
  'ab',
  'ababc',
  'u1',
  'v7',
  '😀',
  ' ',
  '12',
] as const;

export const NUMBERS = [-1, 0, 1, 2, 1.5] as const;

/** Around midnight in Shanghai and in Greenwich, on days of the week and of the weekend. */
export const TIMES = [
  Date.UTC(2026, 0, 2, 14, 0),
  Date.UTC(2026, 0, 2, 15, 59, 59, 999),
  Date.UTC(2026, 0, 2, 16, 0),
  Date.UTC(2026, 0, 3, 22, 30),
  Date.UTC(2026, 0, 5, 0, 0),
] as const;

export const ADDRESSES = [
  '10.1.2.3',
  '10.200.0.1',
  '192.0.2.7',
  '2001:db8::1',
  '::1',
  '::ffff:10.1.0.9',
] as const;
