import type { JsonObject } from '@quotebridge/platform/core';
import type { SftpSandbox } from '@quotebridge/sandbox/sftp';
import { settingsOfGuide } from './guide-settings';

/** How the columns of the sandbox's CSV parts list become specifications, prices and offerings: as the guide has it. */
export const partStreams = (): JsonObject[] => {
  const [drop] = settingsOfGuide('sftp.md', {})['drops'] as JsonObject[];
  return drop?.['streams'] as JsonObject[];
};

/** Settings of a connector that reads parts lists of the sandbox. */
export const sftpSettings = (
  sandbox: Pick<SftpSandbox, 'sftpPort' | 'hostKey'>,
  drop: JsonObject = {},
  rest: JsonObject = {},
): JsonObject => {
  const guide = settingsOfGuide('sftp.md', {});
  const [parts] = guide['drops'] as JsonObject[];
  return {
    ...guide,
    port: sandbox.sftpPort,
    hostKeys: [sandbox.hostKey],
    attemptSeconds: 5,
    drops: [{ ...parts, complete: { kind: 'stable', seconds: 0 }, ...drop }],
    ...rest,
  };
};
