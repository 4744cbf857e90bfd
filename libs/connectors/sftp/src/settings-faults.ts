import { mappingFaults, parsePath } from '@quotebridge/connectors/sdk';
import type { Fault, JsonObject } from '@quotebridge/platform/core';
import { asSettings, type SftpSettings } from './settings';

const FOLDERS = ['archive', 'results', 'refused'] as const;

const folderFaults = (settings: SftpSettings): Fault[] =>
  FOLDERS.flatMap((name): Fault[] =>
    settings[name] === settings.inbox
      ? [{ path: `/${name}`, message: 'must not be the inbox, or its files would be read', code: 'folder' }]
      : [],
  );

const twice = (names: readonly string[]): ReadonlySet<string> =>
  new Set(names.filter((name, index) => names.indexOf(name) !== index));

/** What is wrong with settings that fit the schema. */
export const settingsFaults = (checked: JsonObject): readonly Fault[] => {
  const settings = asSettings(checked);
  const streams = twice(settings.drops.flatMap((drop) => drop.streams.map(({ name }) => name)));
  const drops = twice(settings.drops.map(({ name }) => name));
  return [
    ...folderFaults(settings),
    ...settings.drops.flatMap((drop, at): Fault[] => [
      ...(drops.has(drop.name)
        ? [{ path: `/drops/${at}/name`, message: `"${drop.name}" is there twice`, code: 'unique' }]
        : []),
      ...(drop.format.kind === 'json' &&
      drop.format.records !== undefined &&
      !parsePath(drop.format.records).ok
        ? [
            {
              path: `/drops/${at}/format/records`,
              message: 'is no path; write it like data.items',
              code: 'path',
            },
          ]
        : []),
      ...drop.streams.flatMap((stream, index): Fault[] => [
        ...(streams.has(stream.name)
          ? [
              {
                path: `/drops/${at}/streams/${index}/name`,
                message: `"${stream.name}" is there twice`,
                code: 'unique',
              },
            ]
          : []),
        ...mappingFaults(stream).map((fault) => ({
          ...fault,
          path: `/drops/${at}/streams/${index}${fault.path}`,
        })),
      ]),
    ]),
  ];
};
