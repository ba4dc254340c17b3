/** Fastify, which parses the body too. */
import { loadPeer } from '../../peers.js';
import { answerUsage } from '../../process/usage.js';
import { CONSTANT } from './constant.js';

interface FastifyModule {
  readonly fastify: () => {
    post(path: string, handler: () => Promise<unknown>): void;
    listen(address: { port: number; host: string }): Promise<unknown>;
  };
}

const { fastify } = await loadPeer<FastifyModule>('fastify');
const app = fastify();
for (const path of ['/openim/:secret/:command', '/tencent']) app.post(path, () => Promise.resolve(CONSTANT));
await app.listen({ port: Number(process.argv[2]), host: '127.0.0.1' });
answerUsage();
