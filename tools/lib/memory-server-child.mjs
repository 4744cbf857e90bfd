// Downloads mongod with mongodb-memory-server into the folder argv[2], version argv[3], and prints its path.
// A process of its own, so that a download that never starts can be ended.
import { MongoBinary } from 'mongodb-memory-server-core/lib/util/MongoBinary.js';

const [downloadDir, version] = process.argv.slice(2);
try {
  process.stdout.write(await MongoBinary.getPath({ downloadDir, version, checkMD5: true, systemBinary: '' }));
} catch (error) {
  process.stderr.write(error.msg ?? error.message);
  process.exitCode = 1;
}
