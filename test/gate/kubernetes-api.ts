/**
 * As much of a Kubernetes API server as a drain sees, by the API's reference: TLS and a bearer token, optimistic
 * concurrency by resourceVersion, merge patches, field selectors, pages, and evictions that disruption budgets hold.
 */
import type { Asked, Reply, Served } from "./web-fixture.ts";
import { serveJson } from "./web-fixture.ts";

export interface Pod {
  readonly name: string;
  readonly app: string;
  readonly node: string;
  readonly phase?: string;
  readonly owner?: "DaemonSet" | "ReplicaSet";
  readonly mirror?: boolean;
  /** When set, it does not go. */
  readonly stuck?: boolean;
  leaving?: boolean;
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

export interface Api extends Served {
  readonly token: string;
  readonly node: { unschedulable?: boolean; taints: Taint[]; version: number };
  readonly pods: Pod[];
  /** The least pods of an app that must be left running anywhere. */
  readonly budgets: Map<string, number>;
  readonly asked: string[];
  /** Done before the next request is answered; what it gives is the answer. */
  meddle: ((asked: Asked) => Reply | null | undefined) | null;
}

/** How many pods the server gives at most a page, whatever it is asked for: real ones may give fewer. */
const pageMax = 3;

export async function startApi(pods: readonly Pod[]): Promise<Api> {
  const token = "token-of-a-service-account";
  const other: Taint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
  const state = {
    token,
    node: { taints: [other], version: 100 } as Api["node"],
    pods: [...pods],
    budgets: new Map<string, number>(),
    asked: [] as string[],
    meddle: null as Api["meddle"],
  };
  const served = await serveJson(
    (asked) => {
      state.asked.push(`${asked.method} ${asked.path}`);
      const meddled = state.meddle?.(asked);
      if (meddled !== undefined) return meddled;
      return asked.headers.authorization === `Bearer ${token}` ? answer(state, asked) : failure(401, "Unauthorized");
    },
    { tls: true },
  );
  return Object.assign(state, served);
}

type State = Omit<Api, keyof Served>;

const failure = (code: number, reason: string): Reply => ({
  status: code,
  body: { kind: "Status", apiVersion: "v1", status: "Failure", reason, code },
});

function answer(state: State, asked: Asked): Reply {
  const { method, path } = asked;
  if (path === "/api/v1/nodes/node-7" && method === "GET") return { status: 200, body: nodeOf(state) };
  if (path === "/api/v1/nodes/node-7" && method === "PATCH") return patch(state, asked);
  if (path === "/api/v1/pods" && method === "GET") return list(state, asked);
  const [, namespace, name] = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/eviction$/.exec(path) ?? [];
  if (namespace === "default" && name !== undefined && method === "POST") return evict(state, name, asked.body);
  return failure(404, "NotFound");
}

const nodeOf = ({ node: { unschedulable, taints, version } }: State) => ({
  kind: "Node",
  apiVersion: "v1",
  metadata: { name: "node-7", resourceVersion: String(version) },
  spec: { podCIDR: "10.0.7.0/24", ...(unschedulable ? { unschedulable } : {}), taints },
});

function patch(state: State, { headers, body }: Asked): Reply {
  if (headers["content-type"] !== "application/merge-patch+json") return failure(415, "UnsupportedMediaType");
  const { metadata, spec } = body as { metadata?: { resourceVersion?: string }; spec: Partial<Api["node"]> };
  const { resourceVersion = String(state.node.version) } = metadata ?? {};
  if (resourceVersion !== String(state.node.version)) return failure(409, "Conflict");
  // RFC 7386: lists are replaced whole.
  if (spec.unschedulable !== undefined) state.node.unschedulable = spec.unschedulable;
  if (spec.taints !== undefined) state.node.taints = [...spec.taints];
  state.node.version += 1;
  return { status: 200, body: nodeOf(state) };
}

function list(state: State, { query, headers }: Asked): Reply {
  const terms = (query.get("fieldSelector") ?? "").split(",").map((term) => /^([^=!]+)(!?=)(.*)$/.exec(term));
  const fits = (pod: Pod): boolean =>
    terms.every((term) => {
      const [, field, is, value] = term ?? [];
      const has = field === "spec.nodeName" ? pod.node : (pod.phase ?? "Running");
      return is === "=" ? has === value : has !== value;
    });
  const found = state.pods.filter(fits);
  const from = Number(query.get("continue") ?? 0);
  const to = from + Math.min(pageMax, Number(query.get("limit") ?? found.length));
  const isPartial = headers.accept?.includes("as=PartialObjectMetadataList") === true;
  return {
    status: 200,
    body: {
      kind: isPartial ? "PartialObjectMetadataList" : "PodList",
      metadata: { resourceVersion: "1", ...(to < found.length ? { continue: String(to) } : {}) },
      items: found.slice(from, to).map((pod) => ({ metadata: metadataOf(pod) })),
    },
  };
}

const uidOf = (pod: Pod): string => `uid-of-${pod.name}-on-${pod.node}`;

const metadataOf = (pod: Pod) => ({
  name: pod.name,
  namespace: "default",
  uid: uidOf(pod),
  labels: { app: pod.app },
  ...(pod.leaving ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
  ...(pod.mirror ? { annotations: { "kubernetes.io/config.mirror": "hash" } } : {}),
  ...(pod.owner ? { ownerReferences: [{ kind: pod.owner, name: pod.app, controller: true }] } : {}),
});

function evict(state: State, name: string, body: unknown): Reply {
  const pod = state.pods.find((p) => p.name === name);
  if (!pod) return failure(404, "NotFound");
  const { deleteOptions } = body as { deleteOptions?: { preconditions?: { uid?: string } } };
  if ((deleteOptions?.preconditions?.uid ?? uidOf(pod)) !== uidOf(pod)) return failure(409, "Conflict");
  const running = state.pods.filter(({ app, leaving }) => app === pod.app && !leaving).length;
  if (!pod.leaving && running - 1 < (state.budgets.get(pod.app) ?? 0)) return failure(429, "TooManyRequests");
  pod.leaving = true;
  // It goes when it has been seen going once: two looks later.
  if (!pod.stuck) setImmediate(() => setImmediate(() => void state.pods.splice(state.pods.indexOf(pod), 1)));
  return { status: 201, body: { kind: "Status", status: "Success" } };
}
