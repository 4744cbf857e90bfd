import { readFileSync } from 'node:fs';
import { request } from 'node:https';

const WITHIN = 10_000;

/** Calls of an API server with a token or a client certificate: `call(method, path, body?)` gives `{ status, body }`; status 0 when nobody answers. */
export const apiFor = ({ url, caFile, ca = caFile && readFileSync(caFile), cert, key, token }) => {
  const login = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (method, path, body) =>
    new Promise((done) => {
      const headers = { ...login, 'content-type': 'application/json' };
      const options = { method, ca, cert, key, headers, timeout: WITHIN };
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
