/** Node alone: the body is read to its end and thrown away. */
import { createServer } from 'node:http';
import { answerUsage } from '../../process/usage.js';
import { CONSTANT } from './constant.js';

const reply = JSON.stringify(CONSTANT);

createServer((request, response) => {
  request.resume().on('end', () => {
    response.setHeader('Content-Type', 'application/json; charset=utf-8');
    response.end(reply);
  });
}).listen(Number(process.argv[2]), '127.0.0.1');
answerUsage();
