/** What one would write first: Koa, a parsed body, and json-rules-engine over 10,000 rules. */
import { Router } from '@koa/router';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import { stockEngine } from '../../decision/contenders/stock.js';
import { generateRefusingRules } from '../../rules/folder.js';
import { answerUsage } from '../../process/usage.js';
import { CONSTANT } from './constant.js';

const engine = stockEngine(generateRefusingRules(10_000).map(({ rule }) => rule));

/** Just enough to find the facts of a direct message of OpenIM. */
function factsOf(body: unknown): Record<string, unknown> {
  const fields = typeof body === 'object' && body !== null ? { ...body } : {};
  const read = (name: string): unknown => Object.getOwnPropertyDescriptor(fields, name)?.value;
  return {
    'event.kind': 'message.send',
    platform: 'openim',
    'actor.id': read('sendID') ?? read('From_Account'),
    'target.id': read('recvID') ?? read('To_Account'),
    'message.text': read('content'),
  };
}

const router = new Router();
for (const path of ['/openim/:secret/:command', '/tencent']) {
  router.post(path, async (ctx) => {
    const { events } = await engine.run(factsOf(ctx.request.body));
    ctx.body = events.length === 0 ? CONSTANT : { ...CONSTANT, errCode: 5007, nextCode: 1 };
  });
}
new Koa().use(bodyParser()).use(router.routes()).listen(Number(process.argv[2]), '127.0.0.1');
answerUsage();
