import { createRequire } from 'node:module';
import type * as Auto from '@opentelemetry/auto-instrumentations-node';

/** Files are read all the time, and a span for each would bury the rest. */
const OFF = { '@opentelemetry/instrumentation-fs': { enabled: false } };

/**
 * Has http, MongoDB and the other libraries make spans of their own when `AUTO_INSTRUMENTATION` is `true`. A library is
 * patched while it is loaded: the main file of a process imports this one before anything else. It reads that single
 * setting itself, because what reads settings would load what is to be patched; whether the value makes sense is
 * checked with the others. The spans go where `startTelemetry` sends them.
 */
const patchLibraries = (): void => {
  if (process.env['AUTO_INSTRUMENTATION'] !== 'true') return;
  // Loaded only when asked for: it takes a third of a second and 60 MB.
  const load = createRequire(__filename);
  const { getNodeAutoInstrumentations } = load('@opentelemetry/auto-instrumentations-node') as typeof Auto;
  getNodeAutoInstrumentations(OFF);
};

patchLibraries();
