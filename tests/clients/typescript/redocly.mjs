// Validates a description with the recommended rules of Redocly: node redocly.mjs openapi.json
import { createConfig, lint } from "@redocly/openapi-core";

const config = await createConfig({
  extends: ["recommended-strict"],
  rules: {
    // GET /live answers 101 and nothing else but problems.
    "operation-2xx-response": "off",
    // /twins/count and /twins/aggregate stand beside /twins/{id}: a twin of that name is read by its sections.
    "no-ambiguous-paths": "off",
  },
});
const problems = await lint({ ref: process.argv[2], config });
for (const problem of problems) {
  console.log(`${problem.severity} ${problem.ruleId} ${problem.location.map((place) => place.pointer).join(" ")}: ${problem.message}`);
}

process.exitCode = problems.length === 0 ? 0 : 1;
