import { QuestionRefused, textAt, type Question } from '@quotebridge/connectors/sdk';
import { instantOf, isJsonObject, type Clock, type JsonObject } from '@quotebridge/platform/core';
import { AVAILABILITY_AT, BOMS, EQUIPMENT, EXPLODE_BOM, SIMULATIONS } from '../entity-sets';
import { decimalOf, jsonNumber } from '../mapping/decimal';
import { machineId } from '../mapping/ids';
import { explodedRows, liveBom } from '../mapping/live-bom';
import { livePrice } from '../mapping/live-price';
import { mainOf } from '../mapping/structure';
import type { ODataClient } from '../odata-client';
import { allOf, dayLiteral, readDate, textLiteral, timeLiteral, writeDate } from '../odata-values';
import type { S4Settings } from '../settings';
import { explosionOf } from './explosion';
import { Remembered } from './remembered';

/** A machine as the answer to `bom` needs it. */
interface Machine {
  readonly equipment: string;
  readonly material: string;
  readonly name: string;
  /** When it was put into service, date-time. */
  readonly started?: string;
}

/** As it was when it was put into service. */
const AS_BUILT = 'asBuilt';
const MACHINES = 10_000;
/** Records of equipment that have one serial number, as many as it takes to tell. */
const MOST_RECORDS = '10';
const REMEMBER_MS = 3_600_000;
const MOST_LEVELS = 20;

const needed = (question: JsonObject, name: string): string => {
  const given = textAt(question, name);
  if (given === undefined) throw new QuestionRefused(`the question names no ${name}`);
  return given;
};

const timeOf = (question: JsonObject, name: string, clock: Clock): string => {
  const given = textAt(question, name);
  const time = given === undefined ? clock.now() : instantOf(given);
  if (Number.isNaN(time)) throw new QuestionRefused(`${name} is no date-time`);
  return new Date(time).toISOString();
};

const quantityOf = (question: JsonObject): string => {
  const quantity = decimalOf(question['quantity'] ?? 1);
  if (quantity === undefined || !quantity.greaterThan(0))
    throw new QuestionRefused('quantity is no decimal above zero');
  return quantity.toFixed();
};

const levelsOf = ({ levels = 5 }: JsonObject): number => {
  if (typeof levels === 'number' && Number.isInteger(levels) && levels >= 1 && levels <= MOST_LEVELS)
    return levels;
  throw new QuestionRefused(`levels is no whole number from 1 to ${MOST_LEVELS}`);
};

/** An order of one item: priced and checked by the system, never kept (vendor facts A1.6). */
const orderOf = (question: JsonObject, settings: S4Settings, clock: Clock): JsonObject => {
  const currency = textAt(question, 'currency');
  const isDated = textAt(question, 'date') !== undefined;
  return {
    SalesOrderType: settings.salesOrderType,
    SalesOrganization: settings.salesOrganization,
    DistributionChannel: settings.distributionChannel,
    OrganizationDivision: settings.division,
    SoldToParty: needed(question, 'customer'),
    // Without a day the system takes its own today: it knows in which time zone.
    ...(isDated
      ? { PricingDate: writeDate(`${timeOf(question, 'date', clock).slice(0, 10)}T00:00:00Z`) }
      : {}),
    ...(currency === undefined ? {} : { TransactionCurrency: currency }),
    to_Item: [
      {
        Material: needed(question, 'part'),
        RequestedQuantity: quantityOf(question),
        to_PricingElement: [],
      },
    ],
  };
};

/**
 * What S/4HANA is asked live: `price` by a simulated order, `availability` and `bom` where a plant is set. The deadline is
 * the asker's; a call that is late still warms what is remembered, so it is not cut off.
 */
export const questionsOf = (
  source: string,
  settings: S4Settings,
  client: Pick<ODataClient, 'all' | 'ask' | 'simulate'>,
  clock: Clock,
): readonly Question[] => {
  const deadlineMs = settings.liveSeconds * 1000;
  const priceTypes = new Set([...settings.priceConditionTypes, settings.manualPriceConditionType]);
  const machines = new Remembered<Machine>(clock, MACHINES, REMEMBER_MS);
  const structures = new Remembered<JsonObject>(clock, MACHINES, REMEMBER_MS);

  const price: Question = {
    name: 'price',
    title: 'What a customer pays for a part',
    deadlineMs,
    answer: async (question) => {
      const found = livePrice(
        await client.simulate(SIMULATIONS, orderOf(question, settings, clock)),
        priceTypes,
      );
      if (found === undefined) throw new QuestionRefused('the simulated order has no priced item');
      return found;
    },
  };
  const { plant } = settings;
  if (plant === undefined) return [price];

  const machineOf = async (serial: string): Promise<Machine> => {
    const [given, today] = [textLiteral(serial), dayLiteral(new Date(clock.now()).toISOString())];
    const found = await client.all(EQUIPMENT, {
      // A machine has a record for each time of its life, which holds to the end of its last day.
      $filter: allOf(
        `(SerialNumber eq ${given} or (SerialNumber eq '' and ManufacturerSerialNumber eq ${given}))`,
        `ValidityEndDate ge ${today}`,
      ),
      $orderby: 'ValidityEndDate,Equipment',
      $top: MOST_RECORDS,
    });
    const [machine] = found;
    if (machine === undefined)
      throw new QuestionRefused(`there is no machine with the serial number ${serial}`);
    if (new Set(found.map((one) => textAt(one, 'Equipment'))).size > 1)
      throw new QuestionRefused(`several machines have the serial number ${serial}`);
    const started = readDate(machine['OperationStartDate']) ?? readDate(machine['ValidityStartDate']);
    return {
      equipment: textAt(machine, 'Equipment') ?? '',
      material: textAt(machine, 'Material') ?? '',
      name: textAt(machine, 'EquipmentName') ?? serial,
      ...(started === undefined ? {} : { started }),
    };
  };
  const structureOf = async (material: string): Promise<JsonObject> => {
    const head = mainOf(
      await client.all(BOMS, {
        $filter: allOf(
          `Material eq ${textLiteral(material)}`,
          `Plant eq ${textLiteral(plant)}`,
          `BillOfMaterialVariantUsage eq ${textLiteral(settings.structureUsage)}`,
        ),
      }),
    );
    if (head !== undefined) return head;
    throw new QuestionRefused(
      `${material} has no structure of the usage ${settings.structureUsage} in ${plant}`,
    );
  };
  const effectiveOf = (question: JsonObject, { started }: Machine): string => {
    if (question['effective'] !== AS_BUILT) return timeOf(question, 'effective', clock);
    if (started !== undefined) return started;
    throw new QuestionRefused('the system does not tell when the machine was put into service');
  };

  const availability: Question = {
    name: 'availability',
    title: 'How much of a part can be had',
    deadlineMs,
    answer: async (question) => {
      const at = timeOf(question, 'date', clock);
      const answer = await client.ask(AVAILABILITY_AT, {
        SupplyingPlant: textLiteral(plant),
        Material: textLiteral(needed(question, 'part')),
        ATPCheckingRule: textLiteral(settings.checkingRule),
        RequestedUTCDateTime: timeLiteral(at),
      });
      // The value stands below the name of the function, or bare.
      const inner = answer['DetermineAvailabilityAt'];
      const value = isJsonObject(inner) ? inner : answer;
      const available = jsonNumber(value['AvailableQuantityInBaseUnit']);
      if (available === undefined) throw new QuestionRefused('the system told no quantity');
      return { available, units: textAt(value, 'BaseUnit') ?? 'PC', plant, at };
    },
  };

  const bom: Question = {
    name: 'bom',
    title: 'What a machine is built of',
    deadlineMs,
    answer: async (question) => {
      const serial = needed(question, 'serial');
      const levels = levelsOf(question);
      const machine = await machines.get(serial, () => machineOf(serial));
      const effective = effectiveOf(question, machine);
      const id = machineId(source, machine.equipment);
      const head = await structures.get(machine.material, () => structureOf(machine.material));
      const application = settings.explosionApplication;
      const answer = await client.ask(EXPLODE_BOM, explosionOf(head, { application, at: effective, levels }));
      const product = { name: machine.name, productSerialNumber: serial };
      return { id, product, levels, effective, ...liveBom(source, id, explodedRows(answer), levels) };
    },
  };
  return [price, availability, bom];
};
