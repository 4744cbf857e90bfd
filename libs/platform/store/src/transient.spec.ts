import { mongo } from 'mongoose';
import { isTransientStoreError } from './transient';

/** The result of a bulk operation of which nothing was done; the driver exports no way to make one. */
const nothingDone = (writeConcernErrors: object[] = []): mongo.BulkWriteResult =>
  ({
    getWriteConcernError: () => writeConcernErrors[0],
  }) as unknown as mongo.BulkWriteResult;

const bulk = (cause: object, result = nothingDone()): Error =>
  new mongo.MongoBulkWriteError(cause as mongo.AnyError, result);

const network = new mongo.MongoNetworkError('read ECONNRESET');
const notFound = new mongo.MongoServerSelectionError('connect ECONNREFUSED', {} as mongo.TopologyDescription);

describe('isTransientStoreError', () => {
  it.each<[string, unknown, boolean]>([
    ['a connection that is lost', network, true],
    ['a server that is not found', notFound, true],
    ['a bulk operation whose connection is lost', bulk(network), true],
    ['a bulk operation whose server is not found', bulk(notFound), true],
    ['a bulk operation of a server that steps down', bulk({ message: 'stepping down', code: 189 }), true],
    [
      'a bulk operation that a shutdown left unconfirmed',
      bulk({ message: 'x' }, nothingDone([{ code: 11600 }])),
      true,
    ],
    ['a server that shuts down', new mongo.MongoServerError({ message: 'shutdown', code: 91 }), true],
    [
      'an error with a label for retries',
      new mongo.MongoServerError({ message: 'x', errorLabels: ['TransientTransactionError'] }),
      true,
    ],
    ['a bulk operation with a taken key', bulk({ message: 'duplicate', code: 11000 }), false],
    ['a bulk operation with a wrong argument', bulk(new mongo.MongoInvalidArgumentError('no')), false],
    ['a taken key', new mongo.MongoServerError({ message: 'duplicate', code: 11000 }), false],
    ['any other error', new Error('connect ECONNREFUSED'), false],
    ['what is no error', 'read ECONNRESET', false],
  ])('%s', (_, thrown, transient) => {
    expect(isTransientStoreError(thrown)).toBe(transient);
  });
});
