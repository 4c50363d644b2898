/** Where SNMP traps and informs come in. They hurry a poll and never set a value; without this section nothing listens. */
import { z } from "zod";
import { sayOfUser, userFields } from "./devices.ts";
import { port, text } from "./words.ts";

/** A site has one user for its devices, or one for each kind of them. */
const USERS_MAX = 32;

const address = z.union([z.ipv4(), z.ipv6()]);

const userSource = z.strictObject(userFields).superRefine((user, context) => {
  sayOfUser(user, (message) => context.addIssue({ code: "custom", message }));
});

export const trapsSchema = z
  .strictObject({
    /** Below 1024 a service needs the right to it; devices that can be told another port need no such right. */
    port: port.default(162),
    bind: z
      .string()
      .refine(
        (value) => address.safeParse(value).success,
        "an address of this machine, as in 10.0.0.5, or 0.0.0.0 for all of them",
      )
      .default("0.0.0.0"),
    /** Of versions 1 and 2c; it may be kept elsewhere, as ${env:NAME}. */
    community: text.optional(),
    /** Of version 3. */
    users: z.array(userSource).max(USERS_MAX).default([]),
  })
  .refine(
    ({ community, users }) => community !== undefined || users.length > 0,
    "needs a community, users, or both: nobody else is believed",
  );
