import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sftp } from '@quotebridge/connectors/sftp';
import { SFTP_SANDBOX_CREDENTIALS, startSftpSandbox, type SftpSandbox } from '@quotebridge/sandbox/sftp';
import { annotateTypes, validatorFor } from '@quotebridge/tmf-specs';
import { connectorContract } from './contract';
import { partStreams, sftpSettings } from './sftp-settings';

const validate = validatorFor('TMF620', 'v5', 'ProductSpecification');
let server: SftpSandbox | undefined;

const running = (): SftpSandbox => {
  if (server === undefined) throw new Error('The file server has not been started');
  return server;
};

connectorContract({
  definition: sftp,
  startSandbox: async () => {
    server = await startSftpSandbox({ host: '127.0.0.1', port: 0, sftpPort: 0, size: 0.02 });
    return server;
  },
  settings: () => sftpSettings(running(), { streams: partStreams().slice(0, 1) }, { attemptSeconds: 2 }),
  secrets: { password: SFTP_SANDBOX_CREDENTIALS.password },
  resources: ['productSpecification'],
  validate: (resource) => validate(annotateTypes('TMF620', 'ProductSpecification', resource)),
  stream: { name: 'partSpecifications', path: '' },
  overHttp: false,
  readFaults: [
    ['a connection that is cut in the file', { name: 'dropConnection', method: 'READ' }],
    ['a connection that is cut while listing', { name: 'dropConnection', method: 'READDIR' }],
    ['a lost answer to the move into the archive', { name: 'dropConnection', method: 'RENAME' }],
    ['a read that is never answered', { name: 'stall', method: 'READ' }],
    ['short reads', { name: 'shortRead' }],
    ['a slow answer', { name: 'delay', ms: 300 }],
  ],
  change: () => {
    const name = randomUUID();
    const lines = ['Teilenummer;Description;Status', `P-1;Ring ${name};A`];
    writeFileSync(path.join(running().folder, 'inbox', `parts-${name}.csv`), lines.join('\n'));
    return Promise.resolve();
  },
});
