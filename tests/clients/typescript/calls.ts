// Calls every operation with openapi-fetch and the types that openapi-typescript made: node out/calls.js http://127.0.0.1:8080
// The platform runs with --demo, whose device demo:pump-1 answers commands; the device clients:silent listens to its own and answers none.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import createClient from "openapi-fetch";
import { Coverage, type Description } from "./coverage.js";
import type { components, paths } from "./twins.js";

const [baseUrl] = process.argv.slice(2);
assert(baseUrl, "the address of the platform is missing");
const description = (await (await fetch(`${baseUrl}/swagger/v1/swagger.json`)).json()) as Description;
const coverage = new Coverage(description);
const client = createClient<paths>({ baseUrl });
client.use(coverage.middleware);

const id = `clients:${randomUUID()}`;
const path = { id };
const mergePatch = { "Content-Type": "application/merge-patch+json" };
const jsonPatch = { "Content-Type": "application/json-patch+json" };

/** What an operation answered, if it succeeded. */
function good<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  assert(answer.response.ok, `${answer.response.url}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  return answer.data as T;
}

/** The code of the problem that was answered. */
function problem(answer: { error?: components["schemas"]["ProblemAnswer"]; response: Response }, status: number): string {
  assert.equal(answer.response.status, status, JSON.stringify(answer.error));
  assert(answer.error);
  return answer.error.code;
}

async function twins(): Promise<void> {
  const created = await client.PUT("/twins/{id}", { params: { path }, body: { tags: { site: "rotterdam" }, desired: { setpoint: 40 } } });
  assert.deepEqual(good(created), { id, revision: 1 });
  const etag = created.response.headers.get("ETag");
  assert.equal(etag, 'W/"1"');
  const token = created.response.headers.get("Revision-Token");
  assert(token);

  const whole = good(await client.GET("/twins/{id}", { params: { path } }));
  assert.equal(whole.model, null);
  assert.deepEqual(whole.tags, { site: "rotterdam" });
  const part = good(await client.GET("/twins/{id}", { params: { path, query: { fields: "desired/setpoint" } } }));
  assert.deepEqual(part, { desired: { setpoint: 40 } });
  const known = await client.GET("/twins/{id}", { params: { path, header: { "If-None-Match": etag } } });
  assert.equal(known.response.status, 304);

  const filter = `eq(id,"${id}")`;
  const seen = { query: { filter }, header: { "Revision-Token": token } };
  const page = good(await client.GET("/twins", { params: { ...seen, query: { filter, limit: 10, fields: "id,tags" } } }));
  assert.deepEqual(page.items, [{ id, tags: { site: "rotterdam" } }]);
  assert.equal(good(await client.GET("/twins/count", { params: seen })).count, 1);
  const sums = good(await client.GET("/twins/aggregate", { params: { ...seen, query: { filter, group: "tags/site", measure: "count,max(desired/setpoint)" } } }));
  assert.deepEqual(sums.groups, [{ group: { "tags/site": "rotterdam" }, measures: { count: 1, "max(desired/setpoint)": 40 } }]);

  // A member that is null is removed; one that is absent stays.
  good(await client.PATCH("/twins/{id}", { params: { path }, headers: mergePatch, body: { tags: { site: null, hall: 3 } } }));
  good(await client.PATCH("/twins/{id}", { params: { path }, headers: jsonPatch, body: [{ op: "test", path: "/tags/hall", value: 3 }, { op: "add", path: "/desired/enabled", value: true }] }));
  const changed = good(await client.GET("/twins/{id}", { params: { path } }));
  assert.deepEqual([changed.tags, changed.desired], [{ hall: 3 }, { setpoint: 40, enabled: true }]);

  assert.equal(problem(await client.PATCH("/twins/{id}", { params: { path }, headers: jsonPatch, body: [{ op: "test", path: "/tags/hall", value: 4 }] }), 409), "patch-test-failed");
  assert.equal(problem(await client.PATCH("/twins/{id}", { params: { path }, headers: jsonPatch, body: [{ op: "remove", path: "/tags/none" }] }), 422), "patch-failed");
  assert.equal(problem(await client.PUT("/twins/{id}", { params: { path, header: { "If-Match": etag } }, body: {} }), 412), "revision-mismatch");
  assert.equal(problem(await client.GET("/twins/{id}", { params: { path: { id: "clients:nobody" } } }), 404), "twin-not-found");
  assert.equal(problem(await client.GET("/twins", { params: { query: { filter: "eq(" } } }), 400), "filter-invalid");
}

async function sections(): Promise<void> {
  for (const section of ["/twins/{id}/tags", "/twins/{id}/desired", "/twins/{id}/reported"] as const) {
    good(await client.PUT(section, { params: { path }, body: { motor: { rpm: 1450 }, off: false } }));
    good(await client.PATCH(section, { params: { path }, headers: mergePatch, body: { off: null, on: [1, null] } }));
    good(await client.PATCH(section, { params: { path }, headers: jsonPatch, body: [{ op: "copy", from: "/motor/rpm", path: "/least" }] }));
    assert.equal(problem(await client.PATCH(section, { params: { path }, headers: jsonPatch, body: [{ op: "add", path: "/least", value: null }] }), 422), "patch-null");
    assert.deepEqual(good(await client.GET(section, { params: { path } })), { motor: { rpm: 1450 }, on: [1, null], least: 1450 });

    const property = `${section}/{path}` as const;
    const rpm = { params: { path: { id, path: "motor/rpm" } } };
    good(await client.PUT(property, { ...rpm, body: 1500 }));
    assert.equal(good(await client.GET(property, rpm)), 1500);
    good(await client.PATCH(property, { params: { path: { id, path: "motor" } }, headers: mergePatch, body: { poles: 4 } }));
    good(await client.PATCH(property, { params: { path: { id, path: "motor" } }, headers: jsonPatch, body: [{ op: "replace", path: "/poles", value: 6 }] }));
    good(await client.PUT(property, { params: { path: { id, path: "in~1out/ä %" } }, body: "text" }));
    assert.deepEqual(good(await client.GET(section, { params: { path } })), { motor: { rpm: 1500, poles: 6 }, on: [1, null], least: 1450, "in/out": { "ä %": "text" } });
    good(await client.DELETE(property, rpm));
    assert.equal(problem(await client.GET(property, rpm), 404), "property-not-found");
    good(await client.DELETE(section, { params: { path } }));
    assert.deepEqual(good(await client.GET(section, { params: { path } })), {});
  }
}

async function commands(): Promise<void> {
  const pump = { id: "demo:pump-1" };
  const answered = good(await client.POST("/twins/{id}/commands/{command}", { params: { path: { ...pump, command: "ping" }, query: { timeout: "20s" } }, body: { from: "typescript" } }));
  assert.equal(answered.status, "answered");
  assert.equal(answered.response?.status, 200);
  assert.deepEqual(good(await client.GET("/twins/{id}/commands/{command}", { params: { path: { ...pump, command: answered.id } } })), answered);
  assert(good(await client.GET("/twins/{id}/commands", { params: { path: pump } })).items.some((one) => one.id === answered.id));

  const silent = { id: "clients:silent" };
  const pending = good(await client.POST("/twins/{id}/commands/{command}", {
    params: { path: { ...silent, command: "stop" }, header: { Prefer: "respond-async", "Idempotency-Key": randomUUID() } },
  }));
  const cancelled = good(await client.DELETE("/twins/{id}/commands/{command}", { params: { path: { ...silent, command: pending.id } } }));
  assert.equal(cancelled.status, "cancelled");
  assert.equal(problem(await client.DELETE("/twins/{id}/commands/{command}", { params: { path: { ...silent, command: pending.id } } }), 409), "command-ended");
  assert.equal(problem(await client.POST("/twins/{id}/commands/{command}", { params: { path: { ...silent, command: "stop" }, query: { timeout: "100ms" } } }), 504), "command-timed-out");
}

async function streams(): Promise<void> {
  const ending = new AbortController();
  const init = { parseAs: "stream", signal: ending.signal } as const;
  for (const stream of [
    await client.GET("/events", { ...init, params: { query: { kinds: "changed" } } }),
    await client.GET("/twins/{id}/events", { ...init, params: { path: { id: "demo:pump-1" } } }),
    await client.GET("/twins/watch", { ...init, params: { query: { filter: 'like(id,"demo:*")' } } }),
  ]) {
    const first = await (good(stream) as ReadableStream<Uint8Array>).getReader().read();
    assert.match(new TextDecoder().decode(first.value), /^retry: 2000\n/);
  }

  ending.abort();
  assert.equal(problem(await client.GET("/live"), 426), "not-a-websocket");
}

async function rest(): Promise<void> {
  const letters = good(await client.GET("/deadletters", { params: { query: { limit: 1 } } }));
  assert.equal(letters.items[0]?.problem.code, "payload-not-json");
  assert.equal(good(await client.GET("/health/live")).status, "healthy");
  assert.equal(good(await client.GET("/health/ready")).status, "healthy");
  good(await client.DELETE("/twins/{id}", { params: { path } }));
}

await twins();
await sections();
await commands();
await streams();
await rest();
coverage.assertComplete();
