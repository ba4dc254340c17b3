/** A process that says what it is told to say, and takes no connection. */
process.on('message', (message: unknown) => {
  const isStart =
    typeof message === 'object' && message !== null && 'type' in message && message.type === 'start';
  if (!isStart) return;
  for (const answer of process.argv.slice(2)) process.send?.(JSON.parse(answer));
});
