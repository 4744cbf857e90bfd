// Real servers start, crash and recover in these tests; the bound is for a test that hangs.
jest.setTimeout(120_000);
