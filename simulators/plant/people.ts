/**
 * People. The fire service may have the mains opened (the UPS run on for what their strings hold), or everything:
 * mains, generator, UPS. At Pangyo the whole site was cut 93 minutes after the first flame, to fight it with water.
 */
export interface People {
  cut: "none" | "mains" | "site";
}

export const makePeople = (): People => ({ cut: "none" });

/** Whether the mains and the generator may feed the site. */
export const areMainsClosed = ({ cut }: People): boolean => cut === "none";

/** Whether the UPS may run. */
export const areUpsAllowed = ({ cut }: People): boolean => cut !== "site";
