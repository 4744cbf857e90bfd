import { readFileSync } from 'node:fs';
import { request } from 'node:https';

const WITHIN = 10_000;

/** Calls of an API server with a token: `call(method, path, body?)` gives `{ status, body }`; status 0 when nobody answers. */
export const apiFor = ({ url, caFile, token }) => {
  const ca = readFileSync(caFile);
  return (method, path, body) =>
    new Promise((done) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const options = { method, ca, headers, timeout: WITHIN };
      const call = request(`${url}${path}`, options, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (more) => (text += more));
        answer.on('end', () => {
          const isJson = /json/.test(answer.headers['content-type'] ?? '');
          done({ status: answer.statusCode, body: isJson ? JSON.parse(text) : text });
        });
      });
      call.on('error', () => done({ status: 0 }));
      call.on('timeout', () => call.destroy());
      call.end(body === undefined ? undefined : JSON.stringify(body));
    });
};
