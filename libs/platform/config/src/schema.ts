import type { Secret } from './secret';

/** A length of time as people write it: `500ms`, `30s`, `5m`, `2h`, `1d`. */
export type DurationText = `${number}${'ms' | 's' | 'm' | 'h' | 'd'}`;

interface Common {
  /** What the setting is for, one sentence; shown in the docs. */
  readonly doc: string;
  /** Name in the environment; the key in upper snake case unless given (`natsUrl` is `NATS_URL`). */
  readonly env?: string;
  /** True: may be left out, and is then `undefined`. A setting with neither this nor a default is required. */
  readonly optional?: true;
}

interface StringSetting extends Common {
  readonly type: 'string';
  readonly default?: string;
  /** What is wrong with a text that is more than any text; undefined when nothing is. */
  readonly check?: (text: string) => string | undefined;
}

interface SecretSetting extends Common {
  readonly type: 'secret';
  /** Fewest characters, for keys that must not be guessed. */
  readonly minLength?: number;
}

interface IntSetting extends Common {
  readonly type: 'int';
  readonly default?: number;
  readonly min?: number;
  readonly max?: number;
}

/** A number from 0 to 1. */
interface RatioSetting extends Common {
  readonly type: 'ratio';
  readonly default?: number;
}

interface PortSetting extends Common {
  readonly type: 'port';
  /** 0 asks the system for a free one. */
  readonly default?: number;
}

interface DurationSetting extends Common {
  readonly type: 'duration';
  readonly default?: DurationText;
  readonly min?: DurationText;
  readonly max?: DurationText;
}

interface UrlSetting extends Common {
  readonly type: 'url';
  readonly default?: string;
  /** Accepted schemes, `http` and `https` unless given. */
  readonly schemes?: readonly string[];
}

interface BooleanSetting extends Common {
  readonly type: 'boolean';
  readonly default?: boolean;
}

interface EnumSetting extends Common {
  readonly type: 'enum';
  readonly values: readonly string[];
  readonly default?: string;
}

interface ListSetting extends Common {
  readonly type: 'list';
  readonly default?: readonly string[];
  /** When given, every entry must be one of these. */
  readonly values?: readonly string[];
  /** What is wrong with the entries; undefined when nothing is. */
  readonly check?: (entries: readonly string[]) => string | undefined;
}

/** One setting: its type, bounds, default and documentation. */
export type Setting =
  | StringSetting
  | SecretSetting
  | IntSetting
  | RatioSetting
  | PortSetting
  | DurationSetting
  | UrlSetting
  | BooleanSetting
  | EnumSetting
  | ListSetting;

/** All settings of a process by the name the code uses, in camel case. */
export type SettingsSchema = Readonly<Record<string, Setting>>;

type ValueOf<S extends Setting> = S extends { type: 'int' | 'ratio' | 'port' | 'duration' }
  ? number
  : S extends { type: 'boolean' }
    ? boolean
    : S extends { type: 'secret' }
      ? Secret
      : S extends { type: 'enum'; values: readonly (infer V)[] }
        ? V
        : S extends { type: 'list'; values: readonly (infer V)[] }
          ? readonly V[]
          : S extends { type: 'list' }
            ? readonly string[]
            : string;

/** The values that a schema promises. Durations are milliseconds, an optional setting may be `undefined`. */
export type SettingsOf<S extends SettingsSchema> = {
  readonly [K in keyof S]: S[K] extends { optional: true } ? ValueOf<S[K]> | undefined : ValueOf<S[K]>;
};

/** Declares the settings of a process, keeping their exact types for {@link SettingsOf}. */
export const defineSettings = <const S extends SettingsSchema>(schema: S): S => schema;

/** The environment name of a setting: its own, or its key in upper snake case. */
export const envName = (key: string, setting: Setting): string =>
  setting.env ?? key.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();
