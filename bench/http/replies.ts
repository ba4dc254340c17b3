/** Checks that a server answers right before it is measured. */
import { closures } from '../decision/contenders/closures.js';
import { urlOf, type WireCallback } from '../workload/callbacks.js';
import type { GeneratedRule } from '../workload/rules.js';
import { eventOf } from '../workload/traffic.js';
import type { Target } from './target.js';

/** Whether a reply refuses, on either platform and for a target as well. */
function isRefusal(reply: string): boolean {
  return /"(?:nextCode":1|ErrorCode":[1-9]|ResultCode":[1-9])/.test(reply);
}

/** @throws Error when a reply is not what the rules say, by plain functions */
export async function assertReplies(
  { port, name }: Target,
  callbacks: readonly WireCallback[],
  rules: readonly GeneratedRule[],
): Promise<void> {
  const judge = await closures.prepare(rules);
  for (const callback of callbacks.slice(0, 200)) {
    const response = await fetch(`http://127.0.0.1:${port}${urlOf(callback, Date.now())}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: callback.body,
    });
    const reply = await response.text();
    const matching = await judge(eventOf(callback));
    if (response.status !== 200 || isRefusal(reply) !== matching.length > 0) {
      throw new Error(`${name} answers ${callback.command} with ${response.status} ${reply}`);
    }
  }
}
