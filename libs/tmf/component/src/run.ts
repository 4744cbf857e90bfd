import { loadSettings, type SettingsOf, type SettingsSchema } from '@quotebridge/platform/config';
import { endOnSignal, keepHeapTight, messageOf } from '@quotebridge/platform/core';
import { compileValidators } from '@quotebridge/tmf-specs';
import type { Component } from './component';
import { startComponent } from './server';
import type { ComponentSettings, componentSettings } from './settings';

/** Clients that ask at all do so within this time, and are told to come no more; engines kill after ten seconds. */
const DRAIN_MS = 5_000;

/**
 * The whole of a component's `main`: settings from the environment, start, and an orderly end on SIGTERM and
 * SIGINT. What is wrong is written in one message and the process ends with 1.
 */
export const runComponent = <S extends SettingsSchema & typeof componentSettings>(
  component: Component<SettingsOf<S> & ComponentSettings>,
  schema: S,
  source: Readonly<Record<string, string | undefined>>,
): void => {
  const started = endOnSignal((thrown) =>
    process.stderr.write(`${component.name} did not end cleanly: ${messageOf(thrown)}\n`),
  );
  const start = async (): Promise<void> => {
    const settings = loadSettings(schema, source) as SettingsOf<S> & ComponentSettings;
    const running = await startComponent(component, settings);
    started(() => running.drain(DRAIN_MS).then(() => running.close()));
    compileValidators();
    process.stdout.write(`${JSON.stringify({ ready: component.name, url: running.url })}\n`);
  };
  keepHeapTight();
  start().catch((thrown: unknown) => {
    process.stderr.write(`${component.name} cannot start. ${messageOf(thrown)}\n`);
    process.exit(1);
  });
};
