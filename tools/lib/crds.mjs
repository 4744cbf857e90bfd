import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { build } from './build.mjs';
import { root } from './paths.mjs';

const HEAD =
  '# Made from the code by "npm run generate"; change the settings schemas or libs/kubernetes/operator/src/crd.\n';

/** The files of crds/: name → text. Compiles the code first, since it is the code that says what is in them. */
export const crdFiles = () => {
  build({ base: root });
  const built = (lib) => createRequire(import.meta.url)(join(root, 'dist/libs', lib, 'src/index.js'));
  const { connectorCrd } = built('kubernetes/operator');
  const { connectorDefinitions } = built('connectors/all');
  const crd = connectorCrd(connectorDefinitions);
  const text = stringify(crd, { lineWidth: 110, aliasDuplicateObjects: false });
  return new Map([[`${crd.metadata.name}.yaml`, HEAD + text]]);
};
