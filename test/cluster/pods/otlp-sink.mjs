// A receiver of traces inside a cluster (OTLP/HTTP with JSON), for the tests of pods: keeps what it gets; GET / answers
// with all of it, as a list of bodies.
import { createServer } from 'node:http';

const bodies = [];

createServer((call, answer) => {
  let text = '';
  call.setEncoding('utf8').on('data', (more) => (text += more));
  call.on('end', () => {
    if (call.method === 'POST') bodies.push(text);
    answer.setHeader('content-type', 'application/json');
    answer.end(call.method === 'POST' ? '{}' : `[${bodies.join()}]`);
  });
}).listen(9000);
