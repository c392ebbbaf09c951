// Holds the answers of the platform against its description, and notes which operations were called.
import assert from "node:assert/strict";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import type { Middleware } from "openapi-fetch";

interface Media {
  schema: object;
}

interface Operation {
  operationId: string;
  responses: Record<string, { content?: Record<string, Media> }>;
}

export interface Description {
  paths: Record<string, Record<string, Operation>>;
  components: object;
}

export class Coverage {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly validators = new Map<object, ValidateFunction>();
  private readonly called = new Set<string>();

  constructor(private readonly description: Description) {
    // ajv-formats is a CommonJS module, whose default export is the function itself.
    (addFormats as unknown as (ajv: Ajv) => void)(this.ajv);
  }

  readonly middleware: Middleware = {
    onResponse: async ({ schemaPath, request, response }) => {
      const operation = this.description.paths[schemaPath]?.[request.method.toLowerCase()];
      assert(operation, `${request.method} ${schemaPath} is not described`);
      const answer = operation.responses[response.status];
      assert(answer, `${operation.operationId} answered ${response.status}, which is not described`);
      const type = response.headers.get("content-type")?.split(";")[0];
      const media = type === undefined ? undefined : answer.content?.[type];
      assert.equal(media === undefined, type === undefined, `${operation.operationId} answered ${type}, which is not described for ${response.status}`);
      if (media !== undefined && type?.endsWith("json")) {
        const body: unknown = await response.clone().json();
        const validate = this.validator(media.schema);
        assert(validate(body), `${operation.operationId} answered ${JSON.stringify(body)}: ${this.ajv.errorsText(validate.errors)}`);
      }

      if (response.ok || schemaPath === "/live") {
        this.called.add(operation.operationId);
      }
    },
  };

  /** Fails if an operation was never called with success. */
  assertComplete(): void {
    const all = Object.values(this.description.paths).flatMap((path) => Object.values(path).map((operation) => operation.operationId));
    assert.deepEqual(all.filter((operation) => !this.called.has(operation)), [], "these operations were not called");
  }

  private validator(schema: object): ValidateFunction {
    let validate = this.validators.get(schema);
    if (validate === undefined) {
      validate = this.ajv.compile({ ...schema, components: this.description.components });
      this.validators.set(schema, validate);
    }

    return validate;
  }
}
