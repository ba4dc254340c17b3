/** Koa as most people set it up: router, parsed body, constant answer. */
import { Router } from '@koa/router';
import Koa from 'koa';
import bodyParser from 'koa-bodyparser';
import { answerUsage } from '../../process/usage.js';
import { CONSTANT } from './constant.js';

const router = new Router();
for (const path of ['/openim/:secret/:command', '/tencent']) {
  router.post(path, (ctx) => {
    ctx.body = CONSTANT;
  });
}
new Koa().use(bodyParser()).use(router.routes()).listen(Number(process.argv[2]), '127.0.0.1');
answerUsage();
