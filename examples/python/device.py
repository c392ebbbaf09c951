#!/usr/bin/env python3
"""A device with the paho client, version 1 or 2: python3 device.py [HOST [PORT [TWIN_ID]]]"""

import collections
import json
import random
import sys
import time

import paho.mqtt.client as mqtt

host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 1883
twin = sys.argv[3] if len(sys.argv) > 3 else "example:python"


done = collections.deque(maxlen=100)


def is_due(command, payload):
    """A command may arrive twice, or after its sender has given it up."""
    if command in done or (isinstance(payload, dict) and payload.get("$expiresAt", "9") < time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())):
        return False
    done.append(command)
    return True


def on_connect(client, userdata, flags, reason, *properties):
    # After every connection: a session that the platform has forgotten has no subscriptions.
    client.subscribe([(f"twins/{twin}/desired", 1), (f"twins/{twin}/commands/+/+", 1), (f"twins/{twin}/errors", 1)])
    print(f"connected as {twin}: {reason}", flush=True)


def on_message(client, userdata, message):
    parts = message.topic.split("/")
    if parts[2] == "desired":
        # What is desired and not reported yet. Apply it, then report it: the platform stops sending it.
        desired = json.loads(message.payload)
        desired.pop("$revision")
        client.publish(f"twins/{twin}/reported", json.dumps(desired), qos=1)
    elif parts[2] == "commands":
        name, command = parts[3], parts[4]
        # "response": a broker, unlike the platform, sends our own answers back to us.
        if command != "response" and is_due(command, json.loads(message.payload)):
            answer = {"pong": True} if name == "ping" else {"error": f"this device does not know {name}"}
            client.publish(f"twins/{twin}/commands/{command}/response", json.dumps(answer), qos=1)
    else:
        print(f"the platform refused a message: {message.payload.decode()}", file=sys.stderr, flush=True)


# Version 2 of paho wants to be told which signatures the callbacks have.
arguments = [mqtt.CallbackAPIVersion.VERSION2] if hasattr(mqtt, "CallbackAPIVersion") else []
client = mqtt.Client(*arguments, client_id=twin, clean_session=False)
client.on_connect = on_connect
client.on_message = on_message
client.reconnect_delay_set(1, 30)
client.connect_async(host, port, keepalive=30)
client.loop_start()
while True:
    # QoS 1: paho keeps the message until the platform has stored it.
    client.publish(f"twins/{twin}/reported", json.dumps({"temperature": round(random.uniform(20, 25), 1)}), qos=1)
    time.sleep(5)
