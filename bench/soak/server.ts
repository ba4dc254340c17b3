/** Callgate, as users run it. The only argument is the configuration file. */
import { main } from '../../cli/main.js';

await main(['node', 'callgate', 'start', '--config', process.argv[2] ?? '']);
