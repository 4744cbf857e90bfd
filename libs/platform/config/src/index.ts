export { defineSettings, type DurationText, type SettingsOf, type SettingsSchema } from './schema';
export { checkedBy, onlyOrigins, onlyUrls, onlyWhere, urlOrPath } from './checks';
export { logSettings, outboundSettings, traceSettings } from './common';
export { loadSettings, SettingsError, type SettingsSource } from './load';
export { describeSettings } from './describe';
export { parseDuration } from './duration';
export { Secret } from './secret';
