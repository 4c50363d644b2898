/** Device profiles: one compiler for collectors, simulators, the gate, dashboards and documents. */

export { closest, hintAt } from "../core/closest.ts";
export { durationSchema, parseDuration } from "../core/duration.ts";
export { bindAlarms } from "./alarms.ts";
export type { BindOptions } from "./bind.ts";
export { bindDevice, bindProblems } from "./bind.ts";
export type { Bus, BusShare } from "./budget.ts";
export { busShares, overload } from "./budget.ts";
export { cipherOf, privProtocols } from "./cipher.ts";
export type { DeviceClass } from "./classes.ts";
export { deviceClasses, missingPoints } from "./classes.ts";
export type { Path, Place, Problem } from "./document.ts";
export { Document, formatPlace, formatProblem } from "./document.ts";
export { firmwareAt, firmwareWords, hasVersion } from "./firmware.ts";
export type { Identity } from "./identify.ts";
export { identify, identityModel } from "./identify.ts";
export type { Library } from "./library.ts";
export { loadLibrary, packagedLibrary, packagedProfiles, profilesIn } from "./library.ts";
export type {
  DeviceAddress,
  DeviceLink,
  ModbusTransport,
  MqttAccess,
  SerialSettings,
  SnmpAccess,
  SnmpUser,
  TlsAccess,
} from "./link.ts";
export { plainTcp, tlsOptions } from "./link.ts";
export { decodeModbus, encodeModbus, encodeModbusInvalid, writeRaw } from "./modbus.ts";
export type * from "./model.ts";
export type { Published } from "./mqtt.ts";
export { decodePublished, timeSaid, valueAt } from "./mqtt.ts";
export { parseProfile } from "./parse.ts";
export { objectAt, placesModel, wordsAt } from "./place.ts";
export { modbusReadPlan, snmpReadPlan } from "./plan.ts";
export type { Profile, ProfileAlarm, ProfileBoost } from "./profile.ts";
export { registerImage } from "./registers.ts";
export type { FoundRow } from "./repeat.ts";
export { tableRows } from "./repeat.ts";
export type { SnmpValue, Varbind } from "./snmp.ts";
export { decodeSnmp, encodeSnmp, rawSnmp } from "./snmp.ts";
export { findSunSpecModels, layOutSunSpec } from "./sunspec.ts";
export { notificationName } from "./traps.ts";
export { validate } from "./validate.ts";
export { ofFirmware } from "./variants.ts";
