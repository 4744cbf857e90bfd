import { isJsonObject, type JsonObject } from '@quotebridge/platform/core';
import { call, callObject } from './http';
import type { Suppliers } from './suppliers';

/** The parts supplier's clerk: drops a list when none waits, and looks at what was answered. */
const filesOf = async (sandbox: string): Promise<string[]> => {
  const answer = await call(`${sandbox}/__sandbox/files`);
  return (Array.isArray(answer) ? answer.filter(isJsonObject) : []).map(({ path }) => String(path));
};

/** The initial load from an SFTP file, one line for each stream. A list that was read before has no effect. */
export const loadPartsList = async (suppliers: Suppliers, tell: (line: string) => void): Promise<void> => {
  const { partsConnector, sftpSandboxUrl } = suppliers;
  if (!(await filesOf(sftpSandboxUrl)).some((path) => path.startsWith('/inbox/'))) {
    const file = `parts-${new Date().toISOString().replace(/[:.]/g, '-')}.csv`;
    await callObject(`${sftpSandboxUrl}/__sandbox/drops`, { method: 'POST', body: { file } as JsonObject });
  }
  for (const name of ['partSpecifications', 'partPrices', 'partOfferings']) {
    const { counts, error } = await partsConnector.runStream(name);
    if (error !== undefined) throw new Error(`Reading ${name} from the SFTP server failed: ${String(error)}`);
    tell(
      `SFTP ${name}: ${counts.read} read, ${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged, ${counts.rejected} rejected`,
    );
  }
  const left = await filesOf(sftpSandboxUrl);
  const results = left.filter((path) => path.startsWith('/results/'));
  const isDone = !left.some((path) => path.startsWith('/inbox/'));
  if (!isDone) throw new Error('The parts list still lies in the inbox');
  tell(`SFTP parts list archived; last of ${results.length} answers: ${results.at(-1) ?? 'none'}`);
};
