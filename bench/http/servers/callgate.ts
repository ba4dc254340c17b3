/** `callgate start`, as users run it. The only argument is the configuration file. */
import { main } from '../../../cli/main.js';
import { answerUsage } from '../../process/usage.js';

answerUsage();
await main(['node', 'callgate', 'start', '--config', process.argv[2] ?? '']);
