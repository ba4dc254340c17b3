/** Koa without anything: the body is not read. */
import Koa from 'koa';
import { answerUsage } from '../../process/usage.js';
import { CONSTANT } from './constant.js';

const app = new Koa();
app.use((ctx) => {
  ctx.body = CONSTANT;
});
app.listen(Number(process.argv[2]), '127.0.0.1');
answerUsage();
