/** The program as a process of its own, from the same build as the tests. */
import { main } from '../../cli/main.js';

await main(process.argv);
