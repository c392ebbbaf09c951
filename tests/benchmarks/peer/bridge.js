// The bridge that one writes by hand in an afternoon, and the peer of the broker link: a subscriber that merges in
// memory and writes each document to Redis. It acknowledges a message when it has been handed over to the Redis
// client, not when Redis has stored it: what is under way when this process dies is lost.
'use strict';

const mqtt = require('mqtt');
const Redis = require('ioredis');

const [mqttPort, redisPort] = process.argv.slice(2);
// As many unacknowledged messages as a broker link takes by default.
const receiveMaximum = 1024;

const redis = new Redis({ host: '127.0.0.1', port: Number(redisPort), enableAutoPipelining: true });
const twins = new Map();

// RFC 7396.
function merge(target, patch) {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) {
    return patch;
  }
  const result = target === null || typeof target !== 'object' || Array.isArray(target) ? {} : target;
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[name];
    } else {
      result[name] = merge(result[name], value);
    }
  }
  return result;
}

const client = mqtt.connect({
  host: '127.0.0.1',
  port: Number(mqttPort),
  protocolVersion: 5,
  clientId: 'bridge',
  clean: true,
  properties: { receiveMaximum },
});

client.on('connect', () => client.subscribe('twins/+/reported', { qos: 1 }, (error) => {
  if (error) {
    throw error;
  }
  console.log('subscribed');
}));

client.on('message', (topic, payload) => {
  const id = topic.split('/')[1];
  let twin = twins.get(id);
  if (twin === undefined) {
    twin = { revision: 0, reported: {} };
    twins.set(id, twin);
  }
  twin.revision += 1;
  twin.reported = merge(twin.reported, JSON.parse(payload));
  redis.hset(`twin:${id}`, 'revision', twin.revision, 'reported', JSON.stringify(twin.reported))
    .catch((error) => console.error(error.message));
});
