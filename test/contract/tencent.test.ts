import { describeContract } from './contract.js';
import { TENCENT_WIRE } from './tencent-wire.js';

describeContract(TENCENT_WIRE);
