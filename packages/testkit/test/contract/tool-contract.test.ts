import { proveCasesCanFail, runContract, toolContract } from '@dogwatch/testkit';
import { brokenTools, reading, writing } from './broken-tools.js';

runContract(toolContract, 'FakeWriteTool', { harness: writing() });
runContract(toolContract, 'FakeWriteTool without an inverse', { harness: writing(() => ({}), false) });
runContract(toolContract, 'FakeReadTool', { harness: reading() });
proveCasesCanFail(toolContract, brokenTools);
