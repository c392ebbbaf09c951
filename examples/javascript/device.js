// A device with MQTT.js: npm ci && node device.js [HOST [PORT [TWIN_ID]]]
import mqtt from "mqtt";

const [host = "127.0.0.1", port = "1883", twin = "example:javascript"] = process.argv.slice(2);
const client = mqtt.connect(`mqtt://${host}:${port}`, {
  protocolVersion: 5,
  clientId: twin,
  clean: false,
  properties: { sessionExpiryInterval: 3600 },
  reconnectPeriod: 1000,
});

client.on("connect", () => {
  // After every connection: a session that the platform has forgotten has no subscriptions.
  client.subscribe([`twins/${twin}/desired`, `twins/${twin}/commands/+/+`, `twins/${twin}/errors`], { qos: 1 });
  console.log(`connected as ${twin}`);
});

/** A command may arrive twice, or after its sender has given it up. */
const done = [];
function isDue(command, expiresAt) {
  if (done.includes(command) || (expiresAt !== undefined && Date.parse(expiresAt) < Date.now())) {
    return false;
  }
  done.push(command);
  done.splice(0, done.length - 100);
  return true;
}

client.on("message", (topic, payload, packet) => {
  const [, , kind, name, command] = topic.split("/");
  if (kind === "desired") {
    // What is desired and not reported yet. Apply it, then report it: the platform stops sending it.
    const { $revision, ...desired } = JSON.parse(payload.toString());
    client.publish(`twins/${twin}/reported`, JSON.stringify(desired), { qos: 1 });
  } else if (kind === "commands") {
    // "response": a broker, unlike the platform, sends our own answers back to us.
    if (command !== "response" && isDue(command, packet.properties?.userProperties?.expiresAt)) {
      const answer = name === "ping" ? { pong: true } : { error: `this device does not know ${name}` };
      const properties = { userProperties: { status: name === "ping" ? "200" : "404" } };
      client.publish(`twins/${twin}/commands/${command}/response`, JSON.stringify(answer), { qos: 1, properties });
    }
  } else {
    console.error(`the platform refused a message: ${payload}`);
  }
});

client.on("error", (error) => console.error(error.message));

function report() {
  const temperature = Math.round(200 + 50 * Math.random()) / 10;
  client.publish(`twins/${twin}/reported`, JSON.stringify({ temperature }), { qos: 1 });
}

report();
setInterval(report, 5000);
