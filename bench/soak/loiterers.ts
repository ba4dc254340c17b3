/** Connections that never become a request. */
import { connect, type Socket } from 'node:net';

const BEGINNINGS = [
  '',
  'P',
  'POST /openim HTTP/1.1\r\nHost: gate\r\n',
  '\0\0\0\0\r\n\r\n',
  'GET / HTTP/1.1\r\nX: ',
];

export interface Loiterers {
  end(): void;
}

/** Keeps that many of them open; whoever is thrown out comes again. */
export function sendLoiterers(port: number, count: number): Loiterers {
  const sockets = new Set<Socket>();
  let isOver = false;
  function come(turn: number): void {
    if (isOver) return;
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write(BEGINNINGS[turn % BEGINNINGS.length] ?? '');
    });
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
    socket.on('close', () => {
      sockets.delete(socket);
      setTimeout(come, 500, turn + 1).unref();
    });
  }
  for (let turn = 0; turn < count; turn += 1) come(turn);
  return {
    end() {
      isOver = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
