import { STATUS_CODES } from "node:http";
import type { FastifyReply } from "fastify";
import type { z } from "zod";
import type { Problem } from "./api.ts";

/** A refusal that ends a request; it is sent as RFC 9457 problem details. */
export class Refusal extends Error {
  readonly status: number;
  readonly errors: Problem["errors"];

  constructor(status: number, detail: string, errors?: Problem["errors"]) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

/** Sends problem details. */
export function sendProblem(reply: FastifyReply, status: number, detail?: string, errors?: Problem["errors"]): void {
  const problem: Problem = {
    type: "about:blank",
    title: STATUS_CODES[status] ?? "Error",
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors === undefined ? {} : { errors }),
  };
  void reply.code(status).type("application/problem+json").send(JSON.stringify(problem));
}

/** What the schema makes of the input. Throws a 400 that names every field that is wrong. */
export function checked<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
  throw new Refusal(400, "the request does not have the form that this address takes", errors);
}
