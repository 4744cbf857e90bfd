import { createRequire } from 'node:module';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { build } from './build.mjs';
import { root } from './paths.mjs';

const HEAD =
  '# Made from the code by "npm run generate"; change the settings schemas or libs/kubernetes/operator/src/crd.\n';

const built = (lib) => createRequire(import.meta.url)(join(root, 'dist/libs', lib, 'src/index.js'));

/**
 * What Kubernetes gets that is made from the code, by folder: the resource, and for the operator's chart the resource
 * and its role. Compiles the code first, since it is the code that says what is in them.
 */
export const kubernetesFiles = () => {
  build({ base: root });
  const { connectorCrd, leaseRules, operatorRules } = built('kubernetes/operator');
  const crd = connectorCrd(built('connectors/all').connectorDefinitions);
  const text = HEAD + stringify(crd, { lineWidth: 110, aliasDuplicateObjects: false });
  const rules = `${JSON.stringify({ operator: operatorRules, lease: leaseRules }, null, 1)}\n`;
  return [
    { folder: join(root, 'crds'), files: new Map([[`${crd.metadata.name}.yaml`, text]]) },
    {
      folder: join(root, 'charts/quotebridge-operator/generated'),
      files: new Map([
        ['connectors.yaml', text],
        ['rules.json', rules],
      ]),
    },
  ];
};
