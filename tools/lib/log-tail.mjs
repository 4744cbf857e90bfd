import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The last `bytes` of a file as text, empty when there is no such file. */
export const tailOf = (file, bytes = 64_000) => {
  let handle;
  try {
    handle = openSync(file);
  } catch {
    return '';
  }
  try {
    const { size } = fstatSync(handle);
    const length = Math.min(size, bytes);
    const buffer = Buffer.alloc(length);
    readSync(handle, buffer, 0, length, size - length);
    return buffer.toString('utf8');
  } finally {
    closeSync(handle);
  }
};
