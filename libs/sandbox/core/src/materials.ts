/** A price that holds from a quantity on. */
export interface PriceScale {
  readonly from: string;
  readonly price: string;
}

/** Something that the machine builder sells; the material number is the CRM's product code. */
export interface Material {
  readonly number: string;
  readonly name: string;
  readonly nameDe: string;
  /** ERP material type: ERSA spare part, FERT finished good, DIEN service. */
  readonly type: 'ERSA' | 'FERT' | 'DIEN';
  readonly group: string;
  /** PC piece, H hour, MON month (a service contract's price recurs each month). */
  readonly unit: 'PC' | 'H' | 'MON';
  /** Net list price in EUR for one unit. */
  readonly price: string;
  /** Kilograms; empty for services. */
  readonly weight: string;
  readonly scales: readonly PriceScale[];
}

// number|name|German name|type|group|unit|price|weight|scales "from:price"
const LIST = `
HP-250|Hydraulic press 250 t|Hydraulikpresse 250 t|FERT|PRESS|PC|184500.00|14200|
HP-400|Hydraulic press 400 t|Hydraulikpresse 400 t|FERT|PRESS|PC|297800.00|21800|
SP-1001|Axial piston pump A10 71 cc|Axialkolbenpumpe A10 71 ccm|ERSA|HYDR|PC|2480.00|38.5|
SP-1002|Axial piston pump A10 140 cc|Axialkolbenpumpe A10 140 ccm|ERSA|HYDR|PC|3915.00|61.2|
SP-1003|Gear pump 22 cc|Zahnradpumpe 22 ccm|ERSA|HYDR|PC|418.50|6.4|
SP-1004|Proportional valve NG10|Proportionalventil NG10|ERSA|HYDR|PC|1265.00|7.1|
SP-1005|Servo valve NG16|Servoventil NG16|ERSA|HYDR|PC|4380.00|9.8|
SP-1006|Pressure relief valve 350 bar|Druckbegrenzungsventil 350 bar|ERSA|HYDR|PC|236.40|2.2|
SP-1007|Check valve DN20|Rueckschlagventil DN20|ERSA|HYDR|PC|88.90|1.1|10:79.90;50:71.50
SP-1008|Bladder accumulator 20 l|Blasenspeicher 20 l|ERSA|HYDR|PC|1120.00|48|
SP-1009|Press cylinder 250 t|Presszylinder 250 t|ERSA|HYDR|PC|15850.00|940|
SP-2001|Seal kit main cylinder HP-250|Dichtsatz Hauptzylinder HP-250|ERSA|SEAL|PC|389.00|1.6|5:365.00;10:342.00
SP-2002|Seal kit main cylinder HP-400|Dichtsatz Hauptzylinder HP-400|ERSA|SEAL|PC|512.00|2.1|5:486.00;10:455.00
SP-2003|Rod seal 180 mm|Stangendichtung 180 mm|ERSA|SEAL|PC|46.20|0.2|20:41.60;100:37.00
SP-2004|Wiper ring 180 mm|Abstreifer 180 mm|ERSA|SEAL|PC|18.75|0.1|20:16.90;100:14.95
SP-2005|O-ring set HP series|O-Ring-Satz HP-Baureihe|ERSA|SEAL|PC|64.00|0.4|10:57.60
SP-2101|Return filter element 10 um|Ruecklauffilterelement 10 um|ERSA|FILT|PC|72.30|0.9|12:65.10;48:58.90
SP-2102|Pressure filter element 5 um|Druckfilterelement 5 um|ERSA|FILT|PC|118.60|0.8|12:106.70;48:95.00
SP-2103|Breather filter|Belueftungsfilter|ERSA|FILT|PC|39.90|0.5|12:35.90
SP-2104|Hydraulic oil HLP 46, 200 l drum|Hydraulikoel HLP 46, Fass 200 l|ERSA|FILT|PC|612.00|182|4:579.00
SP-3001|Servo motor 22 kW|Servomotor 22 kW|ERSA|DRIV|PC|3340.00|74|
SP-3002|Servo drive 45 A|Servoregler 45 A|ERSA|DRIV|PC|2875.00|11.5|
SP-3003|Coupling with spider|Kupplung mit Zahnkranz|ERSA|DRIV|PC|164.80|3.3|
SP-3004|Planetary gearbox 1:10|Planetengetriebe 1:10|ERSA|DRIV|PC|2190.00|29|
SP-3005|Guide rail 2000 mm|Fuehrungsschiene 2000 mm|ERSA|DRIV|PC|742.00|18.6|
SP-3006|Guide carriage size 45|Fuehrungswagen Groesse 45|ERSA|DRIV|PC|286.00|2.9|4:269.00
SP-4001|PLC controller CPU 1518|SPS-Steuerung CPU 1518|ERSA|CTRL|PC|5680.00|1.2|
SP-4002|Operator panel 15 inch|Bedienpanel 15 Zoll|ERSA|CTRL|PC|2460.00|5.2|
SP-4003|Pressure sensor 400 bar|Drucksensor 400 bar|ERSA|CTRL|PC|198.00|0.3|10:179.00
SP-4004|Linear encoder 1200 mm|Laengenmesssystem 1200 mm|ERSA|CTRL|PC|1385.00|2.4|
SP-4005|Safety light curtain 900 mm|Sicherheitslichtvorhang 900 mm|ERSA|CTRL|PC|1740.00|3.7|
SP-4006|Proximity switch M18|Naeherungsschalter M18|ERSA|CTRL|PC|42.50|0.1|10:38.20;50:34.00
SV-1001|Commissioning and repair on site|Inbetriebnahme und Reparatur vor Ort|DIEN|SERV|H|142.00||
SV-1002|Remote diagnosis|Ferndiagnose|DIEN|SERV|H|118.00||
SV-1003|Geometry check of a press|Geometriepruefung einer Presse|DIEN|SERV|PC|1950.00||
SV-1004|Operator training, one day|Bedienerschulung, ein Tag|DIEN|SERV|PC|1480.00||
SV-1005|Oil analysis|Oelanalyse|DIEN|SERV|PC|129.00||10:112.00
SC-2001|Service contract Basic|Servicevertrag Basic|DIEN|CONT|MON|390.00||
SC-2002|Service contract Plus|Servicevertrag Plus|DIEN|CONT|MON|740.00||
SC-2003|Service contract Full cover|Servicevertrag Full cover|DIEN|CONT|MON|1290.00||
SC-2004|Condition monitoring subscription|Zustandsueberwachung im Abonnement|DIEN|CONT|MON|165.00||5:149.00`;

const scalesOf = (text: string): PriceScale[] =>
  text === ''
    ? []
    : text.split(';').map((pair) => ({ from: pair.split(':')[0] ?? '', price: pair.split(':')[1] ?? '' }));

const material = (line: string): Material => {
  const [number = '', name = '', nameDe = '', type, group = '', unit, price = '', weight = '', scales = ''] =
    line.split('|');
  return {
    number,
    name,
    nameDe,
    type: type === 'FERT' || type === 'DIEN' ? type : 'ERSA',
    group,
    unit: unit === 'H' || unit === 'MON' ? unit : 'PC',
    price,
    weight,
    scales: scalesOf(scales),
  };
};

/** The machine builder's catalogue: presses, spare parts, services and monthly service contracts. */
export const MATERIALS: readonly Material[] = LIST.trim().split('\n').map(material);
