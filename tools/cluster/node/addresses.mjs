// Addresses that exist only inside the namespaces of a cluster.

/** The node as the cluster knows it. */
export const NODE = { name: 'node1', ip: '192.168.222.2' };

/** The API server: the port on the node and the address of its Service. */
export const API = { port: 6443, ip: '10.96.0.1' };

/** Networks of Services and of pods. */
export const NETWORK = { services: '10.96.0.0/16', pods: '10.244.0.0/16', node: '10.244.0.0/24' };

/** The name service. */
export const DNS = { ip: '10.96.0.10', domain: 'cluster.local' };
