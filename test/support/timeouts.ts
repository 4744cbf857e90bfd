// Real servers start, crash and recover in some tests, and the machine or its disk may stand still for a while in all of them;
// the bound is for a test that hangs.
jest.setTimeout(120_000);
