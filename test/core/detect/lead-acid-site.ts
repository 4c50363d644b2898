/** A small site whose UPS stands on two lead-acid strings, with a thermometer, a gas panel and a flow switch in their room. */
export const leadAcidSite = (alarms: string): string => `version: 1
site: { id: vrla, name: { en: Lead-acid }, timezone: Asia/Seoul }
profileAlarms: none
spaces:
  battery-room: { kind: battery-room, name: { en: Battery room } }
  ups-room: { kind: ups-room, name: { en: UPS room } }
devices:
  bat: { profile: battery/ietf-battery-mib, space: battery-room, snmp: { host: 10.0.0.1, version: 2c, community: public }, fitted: { n: 2 } }
  room: { profile: environment/papouch-th2e, space: battery-room, snmp: { host: 10.0.0.2, version: 2c, community: public } }
  gas: { profile: environment/igd-toc-635, space: battery-room, modbus: { host: 10.0.0.3 }, fitted: { n: 1 } }
  io: { profile: remote-io/moxa-iologik-e1210, space: battery-room, modbus: { host: 10.0.0.4 }, fitted: { n: 1 }, rename: { "contact[0].state": exhaust.flowing } }
  ups: { profile: ups/eaton-xups, space: ups-room, snmp: { host: 10.0.0.5, version: 2c, community: public } }
power:
  mains: { kind: utility, ratedKw: 200 }
  ups: { kind: ups, feed: A, space: ups-room, from: [mains], ratedKw: 80, power: ups/output.power, battery: bat, device: ups }
alarms:
${alarms}`;

/** The alarm on one of its strings. */
export const leadAcidAlarm = `  string-1-runaway:
    title: { en: String 1 heats itself }
    space: battery-room
    priority: high
    point: bat/battery[1].current
    leadAcidRunaway:
      jar: bat/battery[1].temperature
      ambient: room/temperature.ambient
      voltage: bat/battery[1].voltage
    cause: c
    consequence: d
    response: e
`;
