import type { JsonObject } from '@quotebridge/platform/core';
import type { SftpSandbox } from '@quotebridge/sandbox/sftp';

/** How the columns of the sandbox's CSV parts list become specifications, prices and offerings. */
export const partStreams = (): JsonObject[] => {
  const id = 'Teilenummer';
  const common = { id, idType: 'part', changed: { from: 'Geaendert', format: 'dd.MM.yyyy' } };
  return [
    {
      name: 'partSpecifications',
      resource: 'productSpecification',
      ...common,
      fields: {
        name: { from: 'Description', required: true },
        description: 'Bezeichnung',
        productNumber: id,
        isBundle: { constant: false },
        lifecycleStatus: { from: 'Status', values: { A: 'Launched', S: 'Launched', O: 'Retired' } },
        'productSpecCharacteristic[0].name': { constant: 'weightKg' },
        'productSpecCharacteristic[0].valueType': { constant: 'number' },
        'productSpecCharacteristic[0].characteristicValueSpecification[0].@type': {
          constant: 'NumberCharacteristicValueSpecification',
        },
        'productSpecCharacteristic[0].characteristicValueSpecification[0].value': {
          from: 'Gewicht_kg',
          type: 'decimal',
          decimal: ',',
          group: '.',
        },
      },
    },
    {
      name: 'partPrices',
      resource: 'productOfferingPrice',
      ...common,
      fields: {
        name: id,
        priceType: { constant: 'oneTime' },
        isBundle: { constant: false },
        lifecycleStatus: { constant: 'Launched' },
        'price.value': { from: 'Listenpreis', type: 'decimal', decimal: ',', group: '.', required: true },
        'price.unit': { from: 'Waehrung', default: 'EUR' },
        'unitOfMeasure.amount': { constant: 1 },
        'unitOfMeasure.units': { from: 'Einheit', values: { ST: 'PC' } },
      },
    },
    {
      name: 'partOfferings',
      resource: 'productOffering',
      ...common,
      fields: {
        name: { from: 'Description', required: true },
        isBundle: { constant: false },
        isSellable: { from: 'Status', values: { A: true, S: false, O: false } },
        lifecycleStatus: { from: 'Status', values: { A: 'Launched', S: 'Launched', O: 'Retired' } },
        'productSpecification.id': { from: id, reference: 'productSpecification' },
        'productOfferingPrice[0].id': { from: id, reference: 'productOfferingPrice' },
      },
    },
  ];
};

const csv: JsonObject = { kind: 'csv', delimiter: ';' };

/** Settings of a connector that reads parts lists of the sandbox. */
export const sftpSettings = (
  sandbox: Pick<SftpSandbox, 'sftpPort' | 'hostKey'>,
  drop: JsonObject = {},
  rest: JsonObject = {},
): JsonObject => ({
  host: '127.0.0.1',
  port: sandbox.sftpPort,
  user: 'quotebridge',
  auth: { kind: 'password' },
  hostKeys: [sandbox.hostKey],
  inbox: '/inbox',
  archive: '/archive',
  results: '/results',
  attemptSeconds: 5,
  drops: [
    {
      name: 'parts',
      files: 'parts*',
      format: csv,
      complete: { kind: 'stable', seconds: 0 },
      streams: partStreams(),
      ...drop,
    },
  ],
  ...rest,
});
