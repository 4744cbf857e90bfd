import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { JsonObject } from '@quotebridge/platform/core';
import type { Helm } from './helm';

const TEMPLATE = '{{ toJson (genSelfSignedCert "127.0.0.1" (list "127.0.0.1") nil 2) }}';

/** Writes a new certificate for 127.0.0.1 as tls.crt and tls.key into a folder and gives it, PEM; helm makes it. */
export const writeCertificate = (helm: Helm, folder: string): string => {
  const chart = mkdtempSync(path.join(tmpdir(), 'qb-certificate-'));
  try {
    mkdirSync(path.join(chart, 'templates'));
    writeFileSync(path.join(chart, 'Chart.yaml'), 'apiVersion: v2\nname: certificate\nversion: 0.0.1\n');
    writeFileSync(path.join(chart, 'templates/pair.yaml'), TEMPLATE);
    const { stdout, stderr } = helm.run('template', 'pair', chart);
    const text = stdout.split('\n').find((line) => line.startsWith('{'));
    if (text === undefined) throw new Error(`helm made no certificate: ${stderr}`);
    const { Cert, Key } = JSON.parse(text) as { Cert: string; Key: string };
    writeFileSync(path.join(folder, 'tls.crt'), Cert);
    writeFileSync(path.join(folder, 'tls.key'), Key, { mode: 0o600 });
    return Cert;
  } finally {
    rmSync(chart, { recursive: true, force: true });
  }
};

/** Asks a webhook as an API server does: by TLS, trusting one certificate only, under the name of the Service. */
export const askAdmission = (
  url: string,
  trust: { readonly ca: string; readonly servername: string },
  body: JsonObject,
): Promise<JsonObject> =>
  new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' };
    const call = request(`${url}/validate`, { method: 'POST', headers, ...trust }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject));
      answer.on('error', reject);
    });
    call.on('error', reject);
    call.end(JSON.stringify(body));
  });
