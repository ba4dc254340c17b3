import { describeContract } from './contract.js';
import { OPENIM_WIRE } from './openim-wire.js';

describeContract(OPENIM_WIRE);
