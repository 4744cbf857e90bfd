export * from './result';
export * from './json';
export * from './fault';
export * from './errors';
export * from './clock';
export * from './ids';
export * from './rounds';
export * from './heap';
