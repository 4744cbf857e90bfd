import { createHash } from 'node:crypto';

const hex = (integrity) => {
  const [, algorithm, value] = /^(sha\d+)-(.+)$/.exec(integrity ?? '') ?? [];
  if (algorithm === undefined) return {};
  const content = Buffer.from(value, 'base64').toString('hex');
  return { hashes: [{ alg: algorithm.toUpperCase().replace('SHA', 'SHA-'), content }] };
};

const npmPurl = (name, version) => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

const npmComponent = ({ name, version, integrity, license }) => ({
  type: 'library',
  'bom-ref': npmPurl(name, version),
  name,
  version,
  purl: npmPurl(name, version),
  ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
  ...hex(integrity),
});

const debianComponent = ([name, version]) => {
  const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(version)}`;
  return { type: 'library', 'bom-ref': purl, name, version, purl };
};

const byRef = (one, other) => (one['bom-ref'] < other['bom-ref'] ? -1 : 1);

/** A random-looking UUID that the same content gives again. */
const uuidOf = (text) => {
  const hash = createHash('sha256').update(text).digest('hex');
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
};

/**
 * Bill of materials of an image as CycloneDX 1.6: Node.js, the Debian libraries, the npm packages. Without a time, so
 * that the same parts give the same bytes. `image` is `{ name, version, digest }`.
 */
export const sbomOf = ({ image, node, debian, packages }) => {
  const nodePurl = `pkg:npm/node-linux-${node.arch}@${node.version}`;
  const unique = new Map(packages.map(npmComponent).map((one) => [one['bom-ref'], one]));
  const components = [
    {
      type: 'application',
      'bom-ref': nodePurl,
      name: 'node',
      version: node.version,
      purl: nodePurl,
      licenses: [{ license: { id: 'MIT' } }],
      ...hex(node.integrity),
    },
    ...Object.entries(debian).map(debianComponent),
    ...unique.values(),
  ].sort(byRef);
  const ref = `pkg:oci/${image.name.split('/').at(-1)}@${encodeURIComponent(image.digest)}`;
  const content = {
    version: 1,
    metadata: {
      component: {
        type: 'container',
        'bom-ref': ref,
        name: image.name,
        version: image.version,
        purl: ref,
        licenses: [{ license: { id: 'Apache-2.0' } }],
      },
    },
    components,
    dependencies: [{ ref, dependsOn: components.map((one) => one['bom-ref']) }],
  };
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(JSON.stringify(content))}`,
    ...content,
  };
};
